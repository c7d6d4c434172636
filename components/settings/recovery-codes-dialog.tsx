"use client";

import { useTranslations } from "use-intl";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";

/** The only time that recovery codes are shown. */
export function RecoveryCodesDialog({ codes, onClose }: { codes: string[] | null; onClose: () => void }) {
  const t = useTranslations();
  return (
    <Dialog
      open={codes !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("factors.codesTitle")}
      description={t("factors.codesText")}
      size="md"
    >
      <DialogBody>
        <Banner tone="warn">{t("factors.codesOnce")}</Banner>
        <ol className="grid grid-cols-2 gap-x-6 gap-y-1 rounded-control border border-line bg-sunken p-4 font-mono">
          {(codes ?? []).map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ol>
        <p className="flex items-center gap-1 text-meta text-ink-3">
          {t("factors.copyAll")} <CopyButton text={(codes ?? []).join("\n")} />
        </p>
      </DialogBody>
      <DialogFooter>
        <Button variant="primary" onClick={onClose}>
          {t("settings.iHaveIt")}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

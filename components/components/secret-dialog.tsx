"use client";

import { useTranslations } from "use-intl";
import { SecretText } from "@/components/kit/secret-text.tsx";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";

/** A component's secret that was just made. */
export interface MadeSecret {
  domain: string;
  secret: string;
}

/** The only time that it is shown. */
export function SecretDialog({ made, onClose }: { made: MadeSecret | null; onClose: () => void }) {
  const t = useTranslations("components");
  return (
    <Dialog
      open={made !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("secretTitle", { domain: made?.domain ?? "" })}
      size="md"
    >
      <DialogBody>
        <Banner>{t("secretOnce")}</Banner>
        <SecretText text={made?.secret ?? ""} />
      </DialogBody>
      <DialogFooter>
        <Button variant="primary" onClick={onClose}>
          {t("iHaveIt")}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

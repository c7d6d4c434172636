"use client";

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { ToggleField } from "@/components/kit/field.tsx";
import { SentenceGap } from "@/components/kit/joints.tsx";
import { SecretText } from "@/components/kit/secret-text.tsx";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { api } from "@/lib/api/client.ts";
import type { TargetHealth } from "@/lib/contracts/forward.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { useTimes } from "@/lib/format/use-times.ts";
import { ReceiverCode } from "./receiver-code.tsx";

/** A signing secret that was just made. */
export interface MadeSecret {
  name: string;
  secret: string;
  previousUntil: string | null;
}

interface RotateProps {
  target: TargetHealth | null;
  onMade: (made: MadeSecret) => void;
  onClose: () => void;
}

export function RotateSecretDialog({ target, onMade, onClose }: RotateProps) {
  const t = useTranslations("targets");
  const id = useId();
  const [isLeaked, setLeaked] = useState(false);
  const rotate = useMutation(api.forward.rotateSecret.mutationOptions({ meta: { inline: true } }));
  const name = target?.name ?? "";
  const isFirst = target?.signing === null;
  const overlap = isLeaked ? { overlapHours: 0 } : {};
  return (
    <ConfirmDialog
      open={target !== null}
      onOpenChange={(open) => {
        if (open) return;
        setLeaked(false);
        onClose();
      }}
      title={t("rotateTitle", { name })}
      text={isFirst ? t("rotateFirst", { name }) : t("rotateText")}
      confirm={t("rotate").replace("…", "")}
      onConfirm={async () => {
        const { signingSecret, previousUntil } = await rotate.mutateAsync({ name, ...overlap });
        onMade({ name, secret: signingSecret, previousUntil });
      }}
    >
      {isFirst ? null : (
        <ToggleField label={t("leaked")} htmlFor={id}>
          <Checkbox id={id} checked={isLeaked} onChange={(event) => setLeaked(event.target.checked)} />
        </ToggleField>
      )}
      <Equivalent
        command={commandLine(
          ...["nightpost", "forward", "target", "rotate-secret", name],
          ...(isLeaked ? ["--overlap", "0"] : []),
        )}
        method="POST"
        path={`/forward/targets/${encodeURIComponent(name)}/secret`}
        body={overlap}
      />
    </ConfirmDialog>
  );
}

/** The only time that a signing secret is shown. */
export function SecretDialog({ made, onClose }: { made: MadeSecret | null; onClose: () => void }) {
  const t = useTranslations("targets");
  const times = useTimes();
  return (
    <Dialog open={made !== null} onOpenChange={(open) => !open && onClose()} title={t("signing")} size="md">
      {made === null ? null : (
        <>
          <DialogBody>
            <Banner>
              <strong className="font-medium">{t("secretReady", { name: made.name })}</strong>
              <SentenceGap />
              {t("secretOnce")}
              <SentenceGap />
              {made.previousUntil ? t("secretUntil", { time: times.full(made.previousUntil) }) : null}
            </Banner>
            <SecretText text={made.secret} />
            <p className="text-meta text-ink-3">{t("secretVerify")}</p>
            <ReceiverCode />
          </DialogBody>
          <DialogFooter>
            <Button variant="primary" onClick={onClose}>
              {t("iHaveIt")}
            </Button>
          </DialogFooter>
        </>
      )}
    </Dialog>
  );
}

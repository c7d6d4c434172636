"use client";

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field, ToggleField } from "@/components/kit/field.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Button } from "@/components/ui/button.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { api } from "@/lib/api/client.ts";
import { BackupPolicy } from "@/lib/contracts/operations-policy.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { leastPassphrase, PassphraseField } from "./passphrase-field.tsx";

interface Props {
  schedule: BackupPolicy;
  hasPassphrase: boolean;
  onClose: () => void;
}

const intervals = ["0", "6", "24", "168"] as const;
type Interval = (typeof intervals)[number];

/** When backups are made by themselves, and how many are kept. */
export function ScheduleDialog(props: Props) {
  const t = useTranslations("backups");
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && props.onClose()}
      title={t("schedule")}
      description={t("scheduleText")}
      size="md"
    >
      <Form {...props} />
    </Dialog>
  );
}

function Form({ schedule, hasPassphrase, onClose }: Props) {
  const t = useTranslations();
  const id = useId();
  const own = String(schedule.everyHours ?? 0);
  const options = [...new Set<string>([...intervals, own])];
  const [every, setEvery] = useState(own);
  const [keep, setKeep] = useState(String(schedule.keep));
  const [encrypted, setEncrypted] = useState(schedule.encrypted);
  const [uploads, setUploads] = useState(schedule.uploads);
  const [passphrase, setPassphrase] = useState("");
  const save = useMutation(api.backups.setSchedule.mutationOptions({ meta: { inline: true } }));
  const value = { everyHours: every === "0" ? null : Number(every), keep: Number(keep), encrypted, uploads };
  const isKeepGood = BackupPolicy.shape.keep.safeParse(value.keep).success;
  const needsPassphrase = encrypted && !hasPassphrase && passphrase === "";
  const isShort = passphrase !== "" && passphrase.length < leastPassphrase;
  return (
    <>
      <DialogBody>
        <div>
          <p className="mb-1 font-medium">{t("backups.every")}</p>
          <Segmented
            label={t("backups.every")}
            value={every}
            options={options.map((each) => ({
              value: each,
              label: intervals.includes(each as Interval)
                ? t(`backups.intervals.${each as Interval}`)
                : t("backups.hours", { count: Number(each) }),
            }))}
            onChange={setEvery}
          />
        </div>
        <Field
          label={t("backups.keep")}
          htmlFor={`${id}-keep`}
          help={t("backups.keepHelp")}
          error={isKeepGood ? undefined : t("backups.badKeep")}
        >
          <Input
            id={`${id}-keep`}
            type="number"
            min={1}
            max={1000}
            value={keep}
            className="w-28"
            aria-invalid={isKeepGood ? undefined : true}
            onChange={(event) => setKeep(event.target.value)}
          />
        </Field>
        <ToggleField label={t("backups.withUploads")} htmlFor={`${id}-uploads`} help={t("backups.withUploadsHelp")}>
          <Checkbox id={`${id}-uploads`} checked={uploads} onChange={(event) => setUploads(event.target.checked)} />
        </ToggleField>
        <ToggleField label={t("backups.encrypt")} htmlFor={`${id}-encrypt`} help={t("backups.encryptHelp")}>
          <Checkbox id={`${id}-encrypt`} checked={encrypted} onChange={(event) => setEncrypted(event.target.checked)} />
        </ToggleField>
        {encrypted ? (
          <PassphraseField
            value={passphrase}
            help={t(hasPassphrase ? "backups.passphraseStays" : "backups.passphraseSealed")}
            onChange={setPassphrase}
          />
        ) : null}
        {save.isError ? <ProblemBanner error={save.error} /> : null}
        <Equivalent
          command={commandLine(
            ...["nightpost", "backup", "schedule", every, "--keep", keep],
            ...(encrypted ? ["--encrypted"] : []),
            ...(uploads ? [] : ["--no-uploads"]),
          )}
          method="PUT"
          path="/backup-schedule"
          body={{ schedule: value }}
        />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button
          variant="primary"
          disabled={!isKeepGood || needsPassphrase || isShort || save.isPending}
          onClick={() =>
            save.mutate(
              { schedule: value, passphrase: passphrase === "" ? null : passphrase },
              {
                onSuccess: () => {
                  toast.success(t("backups.scheduleSaved"));
                  onClose();
                },
              },
            )
          }
        >
          {t("common.save")}
        </Button>
      </DialogFooter>
    </>
  );
}

"use client";

import { useFormContext, useWatch } from "react-hook-form";
import { useTranslations } from "use-intl";
import type { TargetHealth } from "@/lib/contracts/forward.ts";
import { ApnsFields } from "./apns-fields.tsx";
import { AppServerFields } from "./app-server-fields.tsx";
import { CheckProblems } from "./check-notes.tsx";
import { FcmFields } from "./fcm-fields.tsx";
import { CheckField, TextField } from "./form-fields.tsx";
import { QueueFields } from "./queue-fields.tsx";
import { SigningNote } from "./signing-note.tsx";
import type { TargetFormInput } from "./target-form.ts";
import { useTargetCheck } from "./use-target-check.ts";
import { WebPushFields } from "./web-push-fields.tsx";
import { WebhookFields } from "./webhook-fields.tsx";

/** Everything about a target but its kind. */
export function TargetFields({ target }: { target: TargetHealth | null }) {
  const t = useTranslations("targets");
  const { control } = useFormContext<TargetFormInput>();
  const kind = useWatch({ control, name: "kind" });
  const check = useTargetCheck(target === null);
  const isNew = target === null;
  return (
    <>
      <TextField
        name="name"
        label={t("name")}
        help={t("nameHint")}
        readOnly={!isNew}
        className={isNew ? "" : "bg-sunken text-ink-2"}
      />
      {kind === "webhook" ? <WebhookFields target={check.target} /> : null}
      {kind === "apns" ? <ApnsFields check={check} /> : null}
      {kind === "fcm" ? <FcmFields check={check} /> : null}
      {kind === "webpush" ? <WebPushFields publicKey={target?.publicKey ?? null} /> : null}
      {kind === "xep0357" ? <AppServerFields /> : null}
      {target && kind === "webhook" ? <SigningNote signing={target.signing} publicKey={target.publicKey} /> : null}
      <QueueFields kind={kind} attemptsAt={check.attemptsAt} />
      {isNew ? <CheckField name="alsoRule" label={t("alsoRule")} help={t("alsoRuleHint")} /> : null}
      <CheckProblems check={check} except={["key", "serviceAccount", "template"]} />
    </>
  );
}

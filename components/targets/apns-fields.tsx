"use client";

import { useFormContext } from "react-hook-form";
import { useTranslations } from "use-intl";
import type { TargetCheck } from "@/lib/contracts/simulation.ts";
import { CheckField, ChoiceField, OptionalUrlField, TextField } from "./form-fields.tsx";
import { NotificationFields } from "./notification-fields.tsx";
import { SecretField } from "./secret-field.tsx";
import type { FormOf } from "./target-form.ts";

const environments = ["production", "sandbox"] as const;
const modes = ["alert", "background"] as const;

export function ApnsFields({ check }: { check: TargetCheck }) {
  const t = useTranslations("targets");
  const { setValue, getValues } = useFormContext<FormOf<"apns">>();
  return (
    <>
      <SecretField
        name="key"
        label={t("apns.key")}
        help={t("apns.keyHint")}
        accept=".p8,.pem,.txt,application/pkcs8"
        check={check}
        onFile={(fileName) => {
          // Apple names the file after the key.
          const [, keyId] = /AuthKey_([A-Z0-9]{10})/.exec(fileName) ?? [];
          if (keyId !== undefined && !getValues("keyId")) setValue("keyId", keyId, { shouldDirty: true });
        }}
      />
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <TextField name="keyId" label={t("apns.keyId")} help={t("apns.keyIdHint")} placeholder="ABC123DEFG" />
        <TextField name="teamId" label={t("apns.teamId")} help={t("apns.teamIdHint")} placeholder="DEF123GHIJ" />
      </div>
      <TextField name="topic" label={t("apns.topic")} help={t("apns.topicHint")} placeholder="org.example.app" />
      <ChoiceField
        name="environment"
        label={t("apns.environment")}
        help={t("apns.environmentHint")}
        options={environments.map((value) => ({ value, label: t(`apns.environments.${value}`) }))}
      />
      <ChoiceField
        name="mode"
        label={t("mode")}
        help={t("apns.modeHint")}
        options={modes.map((value) => ({ value, label: t(`apns.modes.${value}`) }))}
      />
      <CheckField name="voip" label={t("apns.voip")} help={t("apns.voipHint")} />
      <NotificationFields />
      <TextField name="sound" label={t("apns.sound")} />
      <OptionalUrlField name="server" label={t("server")} help={t("serverHint")} placeholder="https://" />
      <CheckField name="allowPrivate" label={t("allowPrivate")} help={t("allowPrivateHint")} />
    </>
  );
}

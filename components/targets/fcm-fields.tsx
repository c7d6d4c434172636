"use client";

import { useTranslations } from "use-intl";
import type { TargetCheck } from "@/lib/contracts/simulation.ts";
import { CheckField, ChoiceField, OptionalUrlField } from "./form-fields.tsx";
import { NotificationFields } from "./notification-fields.tsx";
import { SecretField } from "./secret-field.tsx";

const modes = ["data", "notification"] as const;
const priorities = ["high", "normal"] as const;

export function FcmFields({ check }: { check: TargetCheck }) {
  const t = useTranslations("targets");
  return (
    <>
      <SecretField
        name="serviceAccount"
        label={t("fcm.serviceAccount")}
        help={t("fcm.serviceAccountHint")}
        accept=".json,application/json"
        check={check}
      />
      <ChoiceField
        name="mode"
        label={t("mode")}
        help={t("fcm.modeHint")}
        options={modes.map((value) => ({ value, label: t(`fcm.modes.${value}`) }))}
      />
      <ChoiceField
        name="priority"
        label={t("fcm.priority")}
        options={priorities.map((value) => ({ value, label: t(`urgencies.${value}`) }))}
      />
      <NotificationFields />
      <OptionalUrlField name="server" label={t("server")} help={t("serverHint")} placeholder="https://" />
      <CheckField name="allowPrivate" label={t("allowPrivate")} help={t("allowPrivateHint")} />
    </>
  );
}

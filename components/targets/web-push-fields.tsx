"use client";

import { useTranslations } from "use-intl";
import { SecretText } from "@/components/kit/secret-text.tsx";
import { CheckField, ChoiceField, LinesField, TextField } from "./form-fields.tsx";
import { NotificationFields } from "./notification-fields.tsx";

const urgencies = ["very-low", "low", "normal", "high"] as const;

/** The key pair is made by the server; the app needs its public half. */
export function WebPushFields({ publicKey }: { publicKey: string | null }) {
  const t = useTranslations("targets");
  return (
    <>
      <div className="flex flex-col gap-1">
        <span className="font-medium">{t("webpush.publicKey")}</span>
        {publicKey === null ? null : <SecretText text={publicKey} />}
        <p className="text-meta text-ink-3">{t(publicKey === null ? "webpush.keyLater" : "webpush.keyHint")}</p>
      </div>
      <TextField
        name="contact"
        label={t("webpush.contact")}
        help={t("webpush.contactHint")}
        placeholder="mailto:admin@example.org"
      />
      <ChoiceField
        name="urgency"
        label={t("webpush.urgency")}
        options={urgencies.map((value) => ({ value, label: t(`urgencies.${value}`) }))}
      />
      <NotificationFields />
      <LinesField
        name="services"
        label={t("webpush.services")}
        help={t("webpush.servicesHint")}
        placeholder="push.example.org"
      />
      <CheckField name="allowPrivate" label={t("allowPrivate")} help={t("allowPrivateHint")} />
    </>
  );
}

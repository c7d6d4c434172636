"use client";

import { useTranslations } from "use-intl";
import { TextField } from "./form-fields.tsx";

/** Where a web server gets its requests. */
export function UrlField() {
  const t = useTranslations("targets");
  return (
    <TextField
      name="url"
      label={t("url")}
      help={t("urlHint")}
      type="url"
      placeholder="https://app.example.com/hooks/nightpost"
    />
  );
}

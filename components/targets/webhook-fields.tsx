"use client";

import { useId } from "react";
import { useController, useFormContext, useWatch } from "react-hook-form";
import { useTranslations } from "use-intl";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { type ForwardTarget, WebhookPreset } from "@/lib/contracts/forward-target.ts";
import { tokenPresets } from "@/lib/contracts/token-presets.ts";
import { AuthFields } from "./auth-fields.tsx";
import { CheckField, ChoiceField, SelectField, TextField } from "./form-fields.tsx";
import { HeaderFields } from "./header-fields.tsx";
import { type FormOf, keptSecret } from "./target-form.ts";
import { TemplateEditor } from "./template-editor.tsx";
import { UrlField } from "./url-field.tsx";

const jids = ["full", "bare", "local"] as const;
const signatures = ["v1", "v1a"] as const;

export function WebhookFields({ target }: { target: ForwardTarget | null }) {
  const t = useTranslations("targets");
  const { control } = useFormContext<FormOf<"webhook">>();
  const preset = useWatch({ control, name: "preset" }) ?? "classic";
  const accessToken = useWatch({ control, name: "accessToken" });
  return (
    <>
      <UrlField />
      <SelectField
        name="preset"
        label={t("preset")}
        help={t(`presetTexts.${preset}`)}
        options={WebhookPreset.options.map((value) => ({ value, label: t(`presets.${value}`) }))}
      />
      {preset === "template" ? <TemplateEditor target={target} /> : null}
      {tokenPresets.has(preset) ? (
        <TextField
          name="accessToken"
          label={t("accessToken")}
          help={t("accessTokenHint")}
          note={accessToken === keptSecret ? t("keptSecret") : undefined}
          className="font-mono"
        />
      ) : null}
      {preset === "classic" ? (
        <ChoiceField
          name="jid"
          label={t("jid")}
          options={jids.map((value) => ({ value, label: t(`jids.${value}`) }))}
        />
      ) : null}
      <AuthFields />
      <HeaderFields />
      <Signatures />
      <CheckField name="allowPrivate" label={t("allowPrivate")} help={t("allowPrivateHint")} />
      <CheckField name="confidential" label={t("confidential")} help={t("confidentialHint")} />
    </>
  );
}

function Signatures() {
  const id = useId();
  const t = useTranslations("targets");
  const { control } = useFormContext<FormOf<"webhook">>();
  const { field, fieldState } = useController({ control, name: "signatures" });
  const chosen = field.value ?? ["v1"];
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 font-medium">{t("signatures")}</legend>
      {signatures.map((name) => (
        <div key={name} className="flex min-h-6 items-start gap-2.5">
          <span className="flex h-5 items-center">
            <Checkbox
              id={`${id}-${name}`}
              checked={chosen.includes(name)}
              onChange={(event) =>
                field.onChange(
                  signatures.filter((each) => (each === name ? event.target.checked : chosen.includes(each))),
                )
              }
            />
          </span>
          <label htmlFor={`${id}-${name}`}>
            <code className="mr-1.5 font-mono">{name}</code>
            <span className="text-ink-2">{t(`signatureTexts.${name}`)}</span>
          </label>
        </div>
      ))}
      {fieldState.error ? (
        <p role="alert" className="text-meta text-err">
          {fieldState.error.message}
        </p>
      ) : null}
    </fieldset>
  );
}

"use client";

import { useTranslations } from "use-intl";
import { Field, ToggleField } from "@/components/kit/field.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { visible } from "@/lib/format/visible.ts";
import { memberships, type useGroupForm } from "./use-group-form.ts";

interface Props {
  id: string;
  form: ReturnType<typeof useGroupForm>;
  /** Its own name; "" while it has none. */
  name: string;
  /** The other groups of its host. */
  others: readonly string[];
}

export function GroupFields({ id, form, name, others }: Props) {
  const t = useTranslations();
  return (
    <>
      <Field label={t("groups.label")} htmlFor={`${id}-label`} help={t("groups.labelHint")}>
        <Input
          id={`${id}-label`}
          value={form.label}
          maxLength={200}
          placeholder={name}
          aria-describedby={`${id}-label-help`}
          onChange={(event) => form.setLabel(event.target.value)}
        />
      </Field>
      <Field label={t("groups.description")} htmlFor={`${id}-description`} note={t("common.optional")}>
        <Input
          id={`${id}-description`}
          value={form.description}
          maxLength={1000}
          onChange={(event) => form.setDescription(event.target.value)}
        />
      </Field>
      <div className="flex flex-col gap-1.5">
        <span className="font-medium">{t("groups.members")}</span>
        <Segmented
          label={t("groups.members")}
          value={form.members}
          onChange={form.setMembers}
          options={memberships.map((value) => ({ value, label: t(`groups.memberships.${value}`) }))}
          className="self-start"
        />
        <p className="text-meta text-ink-3">{t(`groups.membershipTexts.${form.members}`)}</p>
      </div>
      <fieldset className="flex flex-col gap-1.5">
        <legend className="mb-1 font-medium">{t("groups.displays")}</legend>
        {[...(name === "" ? [] : [name]), ...others].map((each) => (
          <ToggleField
            key={each}
            label={each === name ? t("groups.itself", { name: visible(each) }) : visible(each)}
            htmlFor={`${id}-sees-${each}`}
          >
            <Checkbox id={`${id}-sees-${each}`} checked={form.displays.has(each)} onChange={() => form.toggle(each)} />
          </ToggleField>
        ))}
        <p className="text-meta text-ink-3">{t("groups.displaysHint")}</p>
      </fieldset>
    </>
  );
}

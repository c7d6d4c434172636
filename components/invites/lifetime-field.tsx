"use client";

import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { Select } from "@/components/ui/select.tsx";

/** Days that an invite can be good for. */
export const lifetimes = ["1", "7", "30", "365"] as const;
export type Lifetime = (typeof lifetimes)[number];

/** The seconds of a lifetime, as the server takes them. */
export const secondsOf = (lifetime: Lifetime): number => Number(lifetime) * 86_400;

interface Props {
  id: string;
  value: Lifetime;
  choices?: readonly Lifetime[];
  onChange: (value: Lifetime) => void;
}

/** For how many days an invite is good. */
export function LifetimeField({ id, value, choices = lifetimes, onChange }: Props) {
  const t = useTranslations("invites");
  return (
    <Field label={t("lifetime")} htmlFor={`${id}-lifetime`}>
      <Select
        id={`${id}-lifetime`}
        value={value}
        onChange={(event) => onChange(choices.find((each) => each === event.target.value) ?? value)}
        className="w-full"
      >
        {choices.map((each) => (
          <option key={each} value={each}>
            {t("days", { count: Number(each) })}
          </option>
        ))}
      </Select>
    </Field>
  );
}

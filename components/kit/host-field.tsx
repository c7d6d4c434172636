"use client";

import { useTranslations } from "use-intl";
import { Select } from "@/components/ui/select.tsx";
import { Field } from "./field.tsx";

interface Props {
  id: string;
  hosts: readonly string[];
  /** "": all of them, which can be chosen where `mayAll`. */
  value: string;
  onChange: (host: string) => void;
  mayAll?: boolean;
}

/** Which host something is for; nothing is asked where there is no choice. */
export function HostField({ id, hosts, value, onChange, mayAll = false }: Props) {
  const t = useTranslations("common");
  if (hosts.length < 2) return null;
  return (
    <Field label={t("host")} htmlFor={`${id}-host`}>
      <Select id={`${id}-host`} value={value} onChange={(event) => onChange(event.target.value)} className="w-full">
        {mayAll ? <option value="">{t("allHosts")}</option> : null}
        {hosts.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </Select>
    </Field>
  );
}

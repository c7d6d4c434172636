"use client";

import { useTranslations } from "use-intl";
import { Segmented } from "@/components/ui/segmented.tsx";
import { OptionField } from "./option-field.tsx";
import type { Option } from "./option-schema.ts";
import type { ModuleDraft } from "./use-module-draft.ts";

interface Props {
  draft: ModuleDraft;
  options: readonly Option[];
  /** null: all hosts. */
  host: string | null;
  isReadOnly: boolean;
}

/** On, off or as above, and the options by their types. */
export function SettingForm({ draft, options, host, isReadOnly }: Props) {
  const t = useTranslations("modules");
  const { setting, inherited, change, issues } = draft;
  const effective = setting ?? inherited;
  const isOwn = setting !== null;
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap gap-3">
        <Segmented
          label={t("settings")}
          value={isOwn ? "own" : "inherit"}
          disabled={isReadOnly}
          onChange={(next) => change(next === "own" ? { ...inherited } : null)}
          options={[
            { value: "inherit", label: t(host === null ? "inheritShipped" : "inherit") },
            { value: "own", label: t("ownHere") },
          ]}
        />
        <Segmented
          label={t("state")}
          value={effective.enabled ? "on" : "off"}
          disabled={isReadOnly || !isOwn}
          onChange={(next) => change({ ...effective, enabled: next === "on" })}
          options={[
            { value: "on", label: t("enabled") },
            { value: "off", label: t("disabled") },
          ]}
        />
      </div>
      {options.length === 0 ? <p className="text-ink-2">{t("noOptions")}</p> : null}
      {options.map((option) => (
        <OptionField
          key={`${host} ${option.name}`}
          option={option}
          value={effective.options[option.name]}
          isDisabled={isReadOnly || !isOwn}
          error={issues.find(({ path, code }) => code === "bad-option" && optionIn(path) === option.name)?.message}
          onChange={(value) => {
            const { [option.name]: _, ...rest } = effective.options;
            change({ ...effective, options: value === undefined ? rest : { ...rest, [option.name]: value } });
          }}
        />
      ))}
    </div>
  );
}

/** The option that an issue's path names. */
function optionIn(path: string): string | undefined {
  return /\.options\.([^.[]+)/.exec(path)?.[1];
}

"use client";

import { X } from "lucide-react";
import { useTranslations } from "use-intl";
import { ChoiceMenu } from "@/components/kit/choice-menu.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Switch } from "@/components/ui/switch.tsx";
import type { ForwardRule } from "@/lib/contracts/forward-policy.ts";

interface Props {
  rule: ForwardRule;
  index: number;
  hosts: string[];
  targets: string[];
  onChange: (rule: ForwardRule | null) => void;
}

const types = ["chat", "normal"] as const;

/** "Recipients on all hosts, messages of type chat, go to app." Each stressed word is a menu. */
export function RuleRow({ rule, index, hosts, targets, onChange }: Props) {
  const t = useTranslations("targets");
  const known = [...new Set([...targets, ...rule.targets])];
  return (
    <li className="flex flex-wrap items-center gap-x-2 gap-y-2 px-4 py-2.5">
      <Switch
        aria-label={t("ruleEnabled", { name: rule.name })}
        checked={rule.enabled}
        onCheckedChange={(enabled) => onChange({ ...rule, enabled })}
      />
      <Input
        aria-label={t("ruleName", { line: index + 1 })}
        value={rule.name}
        spellCheck={false}
        onChange={(event) => onChange({ ...rule, name: event.target.value })}
        className="w-40"
      />
      <span className="ml-2 text-ink-3">{t("ruleHosts")}</span>
      <ChoiceMenu
        label={t("ruleHosts")}
        options={[...new Set([...hosts, ...rule.hosts])]}
        chosen={rule.hosts}
        none={t("ruleAllHosts")}
        onChange={(next) => onChange({ ...rule, hosts: next })}
      />
      <span className="text-ink-3">{t("ruleTypes")}</span>
      <ChoiceMenu
        label={t("ruleTypes")}
        options={[...types]}
        chosen={rule.types}
        none="—"
        onChange={(next) => onChange({ ...rule, types: types.filter((type) => next.includes(type)) })}
      />
      <span className="text-ink-3">{t("ruleTargets")}</span>
      <ChoiceMenu
        label={t("ruleTargets")}
        options={known}
        chosen={rule.targets}
        none="—"
        onChange={(next) => onChange({ ...rule, targets: next })}
      />
      <IconButton
        label={t("removeRule", { name: rule.name })}
        size="sm"
        className="ml-auto"
        onClick={() => onChange(null)}
      >
        <X aria-hidden className="size-4" />
      </IconButton>
    </li>
  );
}

"use client";

import { useLocale, useTranslations } from "use-intl";
import { useJoints } from "@/components/kit/joints.tsx";
import type { ForwardRule } from "@/lib/contracts/forward-policy.ts";
import { encryptions, messageClasses } from "@/lib/contracts/words.ts";
import { WhoWord } from "./who-word.tsx";
import { ChoicesWord, ChoiceWord } from "./word-menu.tsx";

export interface SentenceParts {
  hosts: readonly string[];
  targets: readonly string[];
  acls: readonly string[];
}

interface Props extends SentenceParts {
  rule: ForwardRule;
  onChange: (rule: ForwardRule) => void;
}

/** "When a chat message from anybody to anybody on all hosts waits for somebody away, send it to app." */
export function RuleSentence({ rule, hosts, targets, acls, onChange }: Props) {
  const t = useTranslations("rules");
  const { colon, comma } = useJoints();
  const locale = useLocale();
  const rich = t.rich;
  const set = (part: Partial<ForwardRule>) => onChange({ ...rule, ...part });
  const options = <T extends string>(values: readonly T[], label: (value: T) => string = (value) => value) =>
    values.map((value) => ({ value, label: label(value) }));
  const list = (type: "conjunction" | "disjunction") => new Intl.ListFormat(locale, { type });
  const classText =
    rule.classes.length === messageClasses.length
      ? t("anything")
      : list("disjunction").format(rule.classes.map((each) => t(`classes.${each}`))) || t("nothing");
  const hostText = rule.hosts.length === 0 ? t("allHosts") : t("onHosts", { hosts: rule.hosts.join(comma) });
  const targetText = list("conjunction").format(rule.targets) || t("nowhere");
  return (
    <p className="leading-7 text-ink-2">
      {rich("sentence", {
        classes: () => (
          <ChoicesWord
            label={`${t("class")}${colon}${classText}`}
            text={classText}
            options={options(messageClasses, (value) => t(`classes.${value}`))}
            chosen={rule.classes}
            isBad={rule.classes.length === 0}
            onChange={(classes) => set({ classes })}
          />
        ),
        senders: () => (
          <WhoWord
            label={t("senders")}
            anybody={t("anybody")}
            who={rule.senders}
            acls={acls}
            onChange={(senders) => set({ senders })}
          />
        ),
        recipients: () => (
          <WhoWord
            label={t("recipients")}
            anybody={t("anybody")}
            who={rule.recipients}
            acls={acls}
            onChange={(recipients) => set({ recipients })}
          />
        ),
        hosts: () => (
          <ChoicesWord
            label={`${t("hosts")}${colon}${hostText}`}
            text={hostText}
            options={options([...new Set([...hosts, ...rule.hosts])])}
            chosen={rule.hosts}
            onChange={(next) => set({ hosts: next })}
          />
        ),
        encrypted: () => (
          <ChoiceWord
            label={`${t("encryption")}${colon}${t(`encrypted.${rule.encrypted}`)}`}
            value={rule.encrypted}
            options={options(encryptions, (value) => t(`encrypted.${value}`))}
            onChange={(encrypted) => set({ encrypted })}
          />
        ),
        targets: () => (
          <ChoicesWord
            label={`${t("targets")}${colon}${targetText}`}
            text={targetText}
            options={options([...new Set([...targets, ...rule.targets])])}
            chosen={rule.targets}
            isBad={rule.targets.length === 0 && !rule.last}
            onChange={(next) => set({ targets: next })}
          />
        ),
        last: () => (
          <ChoiceWord
            label={`${t("afterwards")}${colon}${t(rule.last ? "stop" : "goOn")}`}
            value={rule.last ? "stop" : "goOn"}
            options={options(["goOn", "stop"] as const, (value) => t(value))}
            onChange={(value) => set({ last: value === "stop" })}
          />
        ),
      })}
    </p>
  );
}

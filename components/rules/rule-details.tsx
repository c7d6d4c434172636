"use client";

import { useId } from "react";
import { useTranslations } from "use-intl";
import { CodeArea, type CodeProblem } from "@/components/kit/code-area.tsx";
import { Field } from "@/components/kit/field.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import type { ForwardRule } from "@/lib/contracts/forward-policy.ts";
import { cancelMoments, messageHints } from "@/lib/contracts/words.ts";
import { expressionFields } from "./expression-fields.ts";

interface Props {
  rule: ForwardRule;
  problems: readonly CodeProblem[];
  onChange: (rule: ForwardRule) => void;
}

/** What few rules need: a condition in CEL, hints, and when. */
export function RuleDetails({ rule, problems, onChange }: Props) {
  const t = useTranslations("rules");
  const id = useId();
  const set = (part: Partial<ForwardRule>) => onChange({ ...rule, ...part });
  const seconds = (text: string): number | null => (text === "" ? null : Math.max(0, Math.round(Number(text)) || 0));
  return (
    <div className="mt-2 flex flex-col gap-4 rounded-control border border-line bg-canvas p-3">
      <div className="grid items-start gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <Field label={t("name")} htmlFor={`${id}-name`}>
          <Input
            id={`${id}-name`}
            value={rule.name}
            spellCheck={false}
            autoCapitalize="none"
            onChange={(event) => set({ name: event.target.value })}
          />
        </Field>
        <Field label={t("delay")} htmlFor={`${id}-delay`} help={t("delayHint")}>
          <Input
            id={`${id}-delay`}
            type="number"
            min={0}
            max={86_400}
            value={rule.delaySeconds}
            aria-describedby={`${id}-delay-help`}
            onChange={(event) => set({ delaySeconds: seconds(event.target.value) ?? 0 })}
          />
        </Field>
        <Field label={t("ttl")} htmlFor={`${id}-ttl`} help={t("ttlHint")}>
          <Input
            id={`${id}-ttl`}
            type="number"
            min={10}
            value={rule.ttlSeconds ?? ""}
            aria-describedby={`${id}-ttl-help`}
            onChange={(event) => set({ ttlSeconds: seconds(event.target.value) })}
          />
        </Field>
        <Field label={t("cancelOn")} htmlFor={`${id}-cancel`} help={t("cancelOnHint")}>
          <Select
            id={`${id}-cancel`}
            value={rule.cancelOn ?? ""}
            aria-describedby={`${id}-cancel-help`}
            onChange={(event) =>
              set({ cancelOn: cancelMoments.find((option) => option === event.target.value) ?? null })
            }
            className="w-full"
          >
            <option value="">{t("cancelUsual")}</option>
            {cancelMoments.map((option) => (
              <option key={option} value={option}>
                {t(`cancels.${option}`)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <fieldset className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
        <legend className="mb-1 font-medium">{t("hints")}</legend>
        {messageHints.map((hint) => (
          <label key={hint} className="inline-flex min-h-6 items-center gap-2">
            <Checkbox
              checked={rule.hints.includes(hint)}
              onChange={(event) =>
                set({
                  hints: messageHints.filter((each) =>
                    each === hint ? event.target.checked : rule.hints.includes(each),
                  ),
                })
              }
            />
            <code className="font-mono text-meta">{hint}</code>
          </label>
        ))}
      </fieldset>
      <div className="flex flex-col gap-1">
        <label htmlFor={`${id}-cel`} className="font-medium">
          {t("expression")}
        </label>
        <CodeArea
          id={`${id}-cel`}
          value={rule.expression}
          onChange={(expression) => set({ expression })}
          problems={problems}
          rows={2}
          isWrapped
          placeholder='message.fromDomain == "example.org" && size(message.body) > 0'
          aria-describedby={`${id}-cel-help`}
        />
        <div id={`${id}-cel-help`} className="text-meta text-ink-3">
          <p>{t("expressionHint")}</p>
          <ul aria-label={t("expressionFields")} className="mt-1 flex flex-wrap gap-x-3 gap-y-0.5">
            {expressionFields.map(([name, type]) => (
              <li key={name}>
                <code className="font-mono text-ink-2">message.{name}</code> {type}
              </li>
            ))}
          </ul>
        </div>
      </div>
    </div>
  );
}

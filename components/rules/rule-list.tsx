"use client";

import { Plus } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { May } from "@/components/kit/may.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { issuesOfRule } from "./rule-issues.ts";
import { RuleItem } from "./rule-item.tsx";
import type { SentenceParts } from "./rule-sentence.tsx";
import { useMatches } from "./use-matches.ts";
import { asDraftRule, type RulesDraft } from "./use-rules-draft.ts";

/** The rules in the order in which they are asked. */
export function RuleList({ draft, ...parts }: { draft: RulesDraft } & SentenceParts) {
  const t = useTranslations("rules");
  const list = useRef<HTMLOListElement>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const { rules, change } = draft;
  const matches = useMatches(rules);
  // A link to a rule, as in what it decided.
  const [wanted] = useQueryState("rule", parseAsString);
  useEffect(() => {
    const item = wanted === null ? null : list.current?.querySelector(`[data-rule="${CSS.escape(wanted)}"]`);
    item?.scrollIntoView({ block: "center" });
  }, [wanted]);

  const add = async () => {
    // What a rule is when nothing is said, the schema knows.
    const { ForwardRule } = await import("@/lib/contracts/forward-policy.ts");
    const taken = new Set(rules.map(({ rule }) => rule.name));
    const number = rules.map((_, index) => index + 1).find((each) => !taken.has(`rule-${each}`)) ?? rules.length + 1;
    const rule = ForwardRule.parse({
      name: `rule-${number}`,
      targets: parts.targets.length === 1 ? parts.targets : [],
    });
    change([...rules, asDraftRule(rule)]);
  };
  const move = (from: number, to: number, focus: boolean) => {
    const moved = rules[from];
    if (!moved || from === to) return;
    // The control that was used keeps the focus, in the rule's new place.
    const used = document.activeElement?.getAttribute("aria-label");
    change(rules.toSpliced(from, 1).toSpliced(to, 0, moved));
    if (!focus) return;
    requestAnimationFrame(() => {
      const item = list.current?.children[to];
      const controls = [...(item?.querySelectorAll<HTMLElement>("button:not([disabled])") ?? [])];
      (controls.find((control) => control.getAttribute("aria-label") === used) ?? controls[0])?.focus();
    });
  };

  return (
    <Panel
      title={t("title")}
      note={t("orderNote")}
      flush
      action={
        <>
          {rules.length === 0 ? null : (
            <Button size="sm" onClick={matches.count} disabled={matches.isCounting || draft.isUnreadable}>
              {t("countMatches")}
            </Button>
          )}
          <May call="forward.setRules">
            <Button size="sm" onClick={() => void add()}>
              <Plus aria-hidden className="size-3.5" />
              {t("add")}
            </Button>
          </May>
        </>
      }
    >
      {rules.length === 0 ? <p className="px-4 py-4 text-ink-2">{t("empty")}</p> : null}
      <ol ref={list} className="divide-y divide-line">
        {rules.map(({ key, rule }, index) => (
          <RuleItem
            key={key}
            rule={rule}
            isWanted={rule.name === wanted}
            index={index}
            count={rules.length}
            issues={issuesOfRule(draft.issues, index)}
            matches={matches.of(index)}
            onChange={(next) => change(rules.with(index, { key, rule: next }))}
            onRemove={() => change(rules.toSpliced(index, 1))}
            onMove={(to) => move(index, to, true)}
            drag={{
              isOver: over === index && dragged !== null && dragged !== index,
              onStart: () => setDragged(index),
              onOver: () => setOver(index),
              onDrop: () => {
                if (dragged !== null) move(dragged, index, false);
                setDragged(null);
                setOver(null);
              },
            }}
            {...parts}
          />
        ))}
      </ol>
      {rules.length === 0 ? null : <p className="border-t border-line px-4 py-2.5 text-meta text-ink-3">{t("end")}</p>}
    </Panel>
  );
}

"use client";

import { ArrowDown, ArrowUp, ChevronRight, GripVertical, X } from "lucide-react";
import { type DragEvent, type KeyboardEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { usePolicyIssueText } from "@/components/kit/policy-issue-text.ts";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Switch } from "@/components/ui/switch.tsx";
import type { ForwardRule } from "@/lib/contracts/forward-policy.ts";
import type { PolicyIssue } from "@/lib/contracts/policy.ts";
import { cn } from "@/lib/format/cn.ts";
import { RuleDetails } from "./rule-details.tsx";
import { expressionProblems } from "./rule-issues.ts";
import { RuleSentence, type SentenceParts } from "./rule-sentence.tsx";
import { useRuleExtras } from "./use-rule-extras.ts";

interface Props extends SentenceParts {
  rule: ForwardRule;
  /** The address of the page names it. */
  isWanted: boolean;
  index: number;
  count: number;
  issues: readonly PolicyIssue[];
  /** Of the latest messages; null: they were not counted for the rules as they are. */
  matches: { matched: number; messages: number } | null;
  onChange: (rule: ForwardRule) => void;
  onRemove: () => void;
  onMove: (to: number) => void;
  drag: { isOver: boolean; onStart: () => void; onOver: () => void; onDrop: () => void };
}

/** One rule: its sentence, and what is behind it when it is opened. Alt with an arrow key moves it. */
export function RuleItem({
  rule,
  isWanted,
  index,
  count,
  issues,
  matches,
  onChange,
  onRemove,
  onMove,
  drag,
  ...parts
}: Props) {
  const t = useTranslations("rules");
  const extras = useRuleExtras();
  const issueText = usePolicyIssueText();
  const [isOpen, setOpen] = useState(rule.expression !== "");
  const { name } = rule;
  const onKey = (event: KeyboardEvent) => {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (!event.altKey || by === 0) return;
    event.preventDefault();
    if (index + by >= 0 && index + by < count) onMove(index + by);
  };
  const others = issues.filter((issue) => !issue.path.endsWith(".expression"));
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- hears the keys of the controls inside; dragging has buttons beside it
    <li
      data-rule={name}
      aria-current={isWanted ? "location" : undefined}
      aria-label={t("ruleLabel", { number: index + 1, name })}
      onKeyDown={onKey}
      onDragOver={(event: DragEvent) => {
        event.preventDefault();
        drag.onOver();
      }}
      onDrop={drag.onDrop}
      className={cn(
        "flex gap-2 px-4 py-3",
        (drag.isOver || isWanted) && "bg-accent-soft",
        !rule.enabled && "opacity-70",
      )}
    >
      <span className="flex shrink-0 flex-col items-center gap-1.5 pt-1">
        <span
          aria-hidden
          draggable
          onDragStart={drag.onStart}
          className="cursor-grab touch-none text-ink-3 active:cursor-grabbing max-sm:hidden"
        >
          <GripVertical className="size-4" />
        </span>
        <span className="font-mono text-meta text-ink-3">{index + 1}</span>
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-2">
          <Switch
            aria-label={t("enabled", { name })}
            checked={rule.enabled}
            onCheckedChange={(enabled) => onChange({ ...rule, enabled })}
          />
          <h3 className="font-medium wrap-anywhere">{name || "—"}</h3>
          {extras(rule).map((text) => (
            <span key={text} className="text-meta text-ink-3">
              {text}
            </span>
          ))}
          {matches === null ? null : <span className="text-meta text-ink-2 tabular-nums">{t("matched", matches)}</span>}
          <span className="ml-auto flex">
            <IconButton
              label={t(isOpen ? "less" : "more", { name })}
              size="sm"
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
            >
              <ChevronRight aria-hidden className={cn("size-4 transition-transform", isOpen && "rotate-90")} />
            </IconButton>
            <IconButton label={t("up", { name })} size="sm" disabled={index === 0} onClick={() => onMove(index - 1)}>
              <ArrowUp aria-hidden className="size-3.5" />
            </IconButton>
            <IconButton
              label={t("down", { name })}
              size="sm"
              disabled={index === count - 1}
              onClick={() => onMove(index + 1)}
            >
              <ArrowDown aria-hidden className="size-3.5" />
            </IconButton>
            <IconButton label={t("remove", { name })} size="sm" onClick={onRemove}>
              <X aria-hidden className="size-4" />
            </IconButton>
          </span>
        </div>
        <RuleSentence rule={rule} onChange={onChange} {...parts} />
        {others.map((issue, at) => (
          <p key={at} className={cn("text-meta", issue.severity === "error" ? "text-err" : "text-warn")}>
            {issueText(issue)}
          </p>
        ))}
        {isOpen ? <RuleDetails rule={rule} problems={expressionProblems(issues)} onChange={onChange} /> : null}
      </div>
    </li>
  );
}

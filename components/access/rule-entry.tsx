"use client";

import { type KeyboardEvent, useRef } from "react";
import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Select } from "@/components/ui/select.tsx";
import type { AccessLine, Condition, Policy, PolicyIssue } from "@/lib/contracts/policy.ts";
import { ConditionEditor } from "./condition-editor.tsx";
import { Conditions } from "./condition-sentence.tsx";
import { EntryFrame } from "./entry-frame.tsx";
import { IssueNotes } from "./issue-notes.tsx";
import { issuesAt, issuesOfEntry } from "./issue-place.ts";

interface Props {
  name: string;
  lines: AccessLine[];
  acls: string[];
  issues: PolicyIssue[];
  /** What conditions are counted by; null: the policy in force. */
  draft: Policy | null;
  isEditing: boolean;
  onToggle: () => void;
  onChange: (lines: AccessLine[] | null) => void;
}

const split = (line: AccessLine): { action: "allow" | "deny"; all: Condition[] } =>
  "allow" in line ? { action: "allow", all: line.allow } : { action: "deny", all: line.deny };
const join = (action: "allow" | "deny", all: Condition[]): AccessLine =>
  action === "allow" ? { allow: all } : { deny: all };

export function RuleEntryView(props: Props) {
  const { name, lines, acls, issues, draft, isEditing, onToggle, onChange } = props;
  const t = useTranslations("access");
  return (
    <EntryFrame
      name={name}
      label={t("editRule", { name })}
      isEditing={isEditing}
      onToggle={onToggle}
      onRemove={() => onChange(null)}
    >
      <IssueNotes issues={issuesOfEntry(issues, "accessRules", name)} />
      <ol className={isEditing ? "flex flex-col gap-3 pt-1" : "leading-6"}>
        {lines.map((line, index) =>
          isEditing ? (
            <LineEditor
              key={index}
              lines={lines}
              index={index}
              acls={acls}
              issues={issuesAt(issues, "accessRules", name, index)}
              draft={draft}
              onChange={onChange}
            />
          ) : (
            <li key={index}>
              <Verb {...split(line)} /> <Conditions conditions={split(line).all} joint="and" />
              <IssueNotes issues={issuesAt(issues, "accessRules", name, index)} />
            </li>
          ),
        )}
      </ol>
      <p className="mt-1 text-ink-3">{t("otherwiseDeny")}</p>
      {isEditing ? (
        <Button
          size="sm"
          className="mt-2"
          onClick={() => onChange([...lines, { allow: [{ acl: acls[0] ?? "admin" }] }])}
        >
          <Plus aria-hidden className="size-3.5" />
          {t("addLine")}
        </Button>
      ) : null}
    </EntryFrame>
  );
}

function Verb({ action, all }: ReturnType<typeof split>) {
  const t = useTranslations("access");
  const [only, ...others] = all;
  const isForAll = (only === "all" || only === "none") && others.length === 0;
  return (
    <span className={action === "allow" ? "font-medium text-ok" : "font-medium text-err"}>
      {t(isForAll ? action : `${action}If`)}
    </span>
  );
}

interface LineProps {
  lines: AccessLine[];
  index: number;
  acls: string[];
  issues: PolicyIssue[];
  draft: Policy | null;
  onChange: (lines: AccessLine[]) => void;
}

/** One line; Alt with an arrow key, or the buttons, move it. */
function LineEditor({ lines, index, acls, issues, draft, onChange }: LineProps) {
  const t = useTranslations("access");
  const item = useRef<HTMLLIElement>(null);
  const current = lines[index];
  if (!current) return null;
  const { action, all } = split(current);
  const number = { line: index + 1 };
  const set = (next: AccessLine) => onChange(lines.with(index, next));
  const move = (by: number) => {
    const to = index + by;
    if (to < 0 || to >= lines.length) return;
    const list = item.current?.parentElement;
    onChange(lines.toSpliced(index, 1).toSpliced(to, 0, current));
    requestAnimationFrame(() => list?.children[to]?.querySelector("select")?.focus());
  };
  const onKey = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    move(event.key === "ArrowUp" ? -1 : 1);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- hears the keys of the controls inside
    <li ref={item} onKeyDown={onKey} className="rounded-control border border-line p-2.5">
      <div className="mb-2 flex items-center gap-1.5">
        <Select
          aria-label={t("action", number)}
          value={action}
          onChange={(event) => set(join(event.target.value === "deny" ? "deny" : "allow", all))}
          className="w-32"
        >
          <option value="allow">{t("allowIf")}</option>
          <option value="deny">{t("denyIf")}</option>
        </Select>
        <span className="ml-auto flex">
          <IconButton label={t("up", number)} size="sm" disabled={index === 0} onClick={() => move(-1)}>
            <ArrowUp aria-hidden className="size-3.5" />
          </IconButton>
          <IconButton label={t("down", number)} size="sm" disabled={index === lines.length - 1} onClick={() => move(1)}>
            <ArrowDown aria-hidden className="size-3.5" />
          </IconButton>
          <IconButton label={t("removeLine", number)} size="sm" onClick={() => onChange(lines.toSpliced(index, 1))}>
            <X aria-hidden className="size-4" />
          </IconButton>
        </span>
      </div>
      <div className="flex flex-col gap-1.5">
        {all.map((condition, at) => (
          <ConditionEditor
            key={at}
            condition={condition}
            line={at + 1}
            acls={acls}
            draft={draft}
            onChange={(next) => set(join(action, all.with(at, next)))}
            onRemove={() => all.length > 1 && set(join(action, all.toSpliced(at, 1)))}
          />
        ))}
        <Button
          size="sm"
          variant="ghost"
          className="self-start"
          onClick={() => set(join(action, [...all, { acl: acls[0] ?? "admin" }]))}
        >
          {t("addAnd")}
        </Button>
        <IssueNotes issues={issues} />
      </div>
    </li>
  );
}

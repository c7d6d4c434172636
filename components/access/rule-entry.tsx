"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { SentenceGap } from "@/components/kit/joints.tsx";
import { Button } from "@/components/ui/button.tsx";
import type { AccessLine, Policy, PolicyIssue } from "@/lib/contracts/policy.ts";
import { Conditions } from "./condition-sentence.tsx";
import { EntryFrame } from "./entry-frame.tsx";
import { IssueNotes } from "./issue-notes.tsx";
import { issuesAt, issuesOfEntry } from "./issue-place.ts";
import { LineEditor } from "./line-editor.tsx";
import { moved, split } from "./line.ts";

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

export function RuleEntryView(props: Props) {
  const { name, lines, acls, issues, draft, isEditing, onToggle, onChange } = props;
  const t = useTranslations("access");
  const [dragged, setDragged] = useState<number | null>(null);
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
              dragged={dragged}
              onDrag={setDragged}
              onMove={(to) => onChange(moved(lines, index, to))}
              onDrop={() => dragged !== null && onChange(moved(lines, dragged, index))}
              onChange={onChange}
            />
          ) : (
            <li key={index}>
              <Verb {...split(line)} />
              <SentenceGap />
              <Conditions conditions={split(line).all} joint="and" />
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

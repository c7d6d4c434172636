"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import type { Condition, Policy, PolicyIssue } from "@/lib/contracts/policy.ts";
import { ConditionEditor } from "./condition-editor.tsx";
import { Conditions } from "./condition-sentence.tsx";
import { EntryFrame } from "./entry-frame.tsx";
import { IssueNotes } from "./issue-notes.tsx";
import { indexIn, issuesAt, issuesOfEntry } from "./issue-place.ts";

interface Props {
  name: string;
  any: Condition[];
  acls: string[];
  issues: PolicyIssue[];
  /** What conditions are counted by; null: the policy in force. */
  draft: Policy | null;
  isEditing: boolean;
  onToggle: () => void;
  onChange: (any: Condition[] | null) => void;
}

export function AclEntryView({ name, any, acls, issues, draft, isEditing, onToggle, onChange }: Props) {
  const t = useTranslations("access");
  return (
    <EntryFrame
      name={name}
      label={t("editAcl", { name })}
      isEditing={isEditing}
      onToggle={onToggle}
      onRemove={() => onChange(null)}
    >
      <IssueNotes issues={issuesOfEntry(issues, "acl", name)} />
      {isEditing ? (
        <div className="flex flex-col gap-2 pt-1">
          <p>{t("anyOf")}</p>
          {any.map((condition, index) => (
            <div key={index}>
              <ConditionEditor
                condition={condition}
                line={index + 1}
                acls={acls}
                draft={draft}
                onChange={(next) => onChange(any.with(index, next))}
                onRemove={() => onChange(any.toSpliced(index, 1))}
              />
              <IssueNotes issues={issuesAt(issues, "acl", name, index)} />
            </div>
          ))}
          <Button size="sm" className="self-start" onClick={() => onChange([...any, { user: "" }])}>
            <Plus aria-hidden className="size-3.5" />
            {t("addCondition")}
          </Button>
        </div>
      ) : any.length === 0 ? (
        t("nobody")
      ) : (
        <>
          <p className="leading-6">
            <Conditions conditions={any} joint="or" />
          </p>
          <IssueNotes
            issues={any.flatMap((_, index) => issuesAt(issues, "acl", name, index))}
            numbered={(issue) => indexIn(issue, "acl", name) + 1}
          />
        </>
      )}
    </EntryFrame>
  );
}

"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import type { Condition } from "@/lib/contracts/policy.ts";
import { ConditionEditor } from "./condition-editor.tsx";
import { Conditions } from "./condition-sentence.tsx";
import { EntryFrame } from "./entry-frame.tsx";

interface Props {
  name: string;
  any: Condition[];
  acls: string[];
  isEditing: boolean;
  onToggle: () => void;
  onChange: (any: Condition[] | null) => void;
}

export function AclEntryView({ name, any, acls, isEditing, onToggle, onChange }: Props) {
  const t = useTranslations("access");
  return (
    <EntryFrame
      name={name}
      label={t("editAcl", { name })}
      isEditing={isEditing}
      onToggle={onToggle}
      onRemove={() => onChange(null)}
    >
      {isEditing ? (
        <div className="flex flex-col gap-2 pt-1">
          <p>{t("anyOf")}</p>
          {any.map((condition, index) => (
            <ConditionEditor
              key={index}
              condition={condition}
              line={index + 1}
              acls={acls}
              onChange={(next) => onChange(any.with(index, next))}
              onRemove={() => onChange(any.toSpliced(index, 1))}
            />
          ))}
          <Button size="sm" className="self-start" onClick={() => onChange([...any, { user: "" }])}>
            <Plus aria-hidden className="size-3.5" />
            {t("addCondition")}
          </Button>
        </div>
      ) : any.length === 0 ? (
        t("nobody")
      ) : (
        <p className="leading-6">
          <Conditions conditions={any} joint="or" />
        </p>
      )}
    </EntryFrame>
  );
}

"use client";

import { useId } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { useJoints } from "@/components/kit/joints.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Textarea } from "@/components/ui/input.tsx";
import { visible } from "@/lib/format/visible.ts";
import { PanelWord } from "./word-menu.tsx";

interface Props {
  label: string;
  /** Said when it is nobody in particular. */
  anybody: string;
  who: readonly string[];
  acls: readonly string[];
  onChange: (who: string[]) => void;
}

const shown = 2;

/** Senders or recipients: JIDs, domains and ACLs, one a line. */
export function WhoWord({ label, anybody, who, acls, onChange }: Props) {
  const t = useTranslations("rules");
  const { colon, comma } = useJoints();
  const id = useId();
  const names = who
    .slice(0, shown)
    .map((each) => visible(each))
    .join(comma);
  const text =
    who.length === 0 ? anybody : who.length > shown ? t("whoMore", { names, count: who.length - shown }) : names;
  return (
    <PanelWord label={`${label}${colon}${text}`} text={<bdi>{text}</bdi>}>
      <div className="flex flex-col gap-2">
        <Field label={label} htmlFor={id} help={t("whoHint")}>
          <Textarea
            // Changed from outside only while the panel is closed, except by the buttons below.
            key={acls.filter((acl) => who.includes(`acl:${acl}`)).join()}
            id={id}
            rows={3}
            defaultValue={who.join("\n")}
            spellCheck={false}
            autoCapitalize="none"
            placeholder="*@example.org"
            aria-describedby={`${id}-help`}
            onChange={(event) => onChange(event.target.value.split(/\s+/).filter(Boolean))}
            className="font-mono text-meta"
          />
        </Field>
        {acls.length === 0 ? null : (
          <div className="flex flex-wrap gap-1.5">
            {acls.map((acl) => {
              const entry = `acl:${acl}`;
              const isIn = who.includes(entry);
              return (
                <Button
                  key={acl}
                  size="sm"
                  aria-pressed={isIn}
                  variant={isIn ? "primary" : "secondary"}
                  onClick={() => onChange(isIn ? who.filter((each) => each !== entry) : [...who, entry])}
                >
                  {entry}
                </Button>
              );
            })}
          </div>
        )}
      </div>
    </PanelWord>
  );
}

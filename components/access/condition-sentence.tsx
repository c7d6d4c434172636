"use client";

import { Fragment } from "react";
import { useTranslations } from "use-intl";
import type { Condition } from "@/lib/contracts/policy.ts";
import { visible } from "@/lib/format/visible.ts";
import { conditionText, readCondition } from "./condition.ts";

function ConditionSentence({ condition }: { condition: Condition }) {
  const t = useTranslations("access.sentences");
  const parts = readCondition(condition);
  // Without a host a pattern is for the accounts of this server, and the empty one is for all of them.
  if (parts.kind === "user_regexp" && parts.value === "") return t("local");
  return t.rich(parts.kind, {
    v: () => (
      <code className="rounded-badge bg-sunken px-1 py-px font-mono text-meta text-ink wrap-anywhere">
        {visible(conditionText(parts)) || '""'}
      </code>
    ),
  });
}

/** Conditions joined by the word that the place means: OR inside an ACL, AND inside a line. */
export function Conditions({ conditions, joint }: { conditions: readonly Condition[]; joint: "and" | "or" }) {
  const t = useTranslations("access");
  return conditions.map((condition, index) => (
    <Fragment key={index}>
      {index > 0 ? <strong className="mx-1.5 font-medium text-ink-3">{t(joint)}</strong> : null}
      <ConditionSentence condition={condition} />
    </Fragment>
  ));
}

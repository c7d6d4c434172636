"use client";

import { useTranslations } from "use-intl";
import type { AuditEntry } from "@/lib/contracts/server.ts";
import { useActorText, useObjectText } from "./audit-words.ts";
import { closedUp } from "./joints.tsx";

type Action = Parameters<ReturnType<typeof useTranslations<"audit.verbs">>>[0];

/** "anna@example.org suspended bob@example.org": what was done, not which address was called. */
export function AuditSentence({ entry }: { entry: AuditEntry }) {
  const t = useTranslations("audit");
  const actorText = useActorText();
  const objectText = useObjectText();
  const key = entry.action.replaceAll(".", "-");
  const who = <bdi className="font-medium wrap-anywhere">{actorText(entry.actor)}</bdi>;
  const what = <bdi className="wrap-anywhere">{objectText(entry.object)}</bdi>;
  if (!t.has(`verbs.${key}` as never)) {
    return (
      <span>
        {who} <span className="font-mono text-meta text-ink-2">{entry.action}</span> {what}
      </span>
    );
  }
  const verbs = t.rich;
  const sentence = verbs(`verbs.${key as Action}`, { who: () => who, what: () => what });
  return <span className="text-ink-2">{closedUp(sentence)}</span>;
}

"use client";

import { useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge.tsx";
import type { PolicyChange } from "@/lib/contracts/policy.ts";

/** A diff by meaning: which places of the document changed, and from what to what. */
export function ChangesList({ changes }: { changes: PolicyChange[] }) {
  const t = useTranslations("access");
  if (changes.length === 0) return <p className="text-ink-2">{t("noChanges")}</p>;
  return (
    <ul className="flex flex-col divide-y divide-line border-y border-line">
      {changes.map((change) => (
        <li key={change.path} className="flex flex-col gap-1.5 py-2.5">
          <p className="flex flex-wrap items-center gap-2">
            <code className="font-mono text-meta font-medium wrap-anywhere">{change.path}</code>
            <Kind change={change} />
          </p>
          <Side sign="−" name={t("before")} value={change.before} className="bg-err-soft text-err" />
          <Side sign="+" name={t("after")} value={change.after} className="bg-ok-soft text-ok" />
        </li>
      ))}
    </ul>
  );
}

/** Texts are kept line by line. */
const isText = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((line) => typeof line === "string");

function Kind({ change }: { change: PolicyChange }) {
  const t = useTranslations("access");
  if (change.before === null || change.before === undefined) return <Badge tone="ok">{t("added")}</Badge>;
  if (change.after === null || change.after === undefined) return <Badge tone="err">{t("removed")}</Badge>;
  return <Badge tone="accent">{t("changed")}</Badge>;
}

function Side({ sign, name, value, className }: { sign: string; name: string; value: unknown; className: string }) {
  if (value === null || value === undefined) return null;
  return (
    <pre
      tabIndex={0}
      aria-label={name}
      className={`max-h-48 overflow-auto rounded-badge px-2.5 py-1.5 font-mono text-meta whitespace-pre-wrap wrap-anywhere ${className}`}
    >
      {sign} {typeof value === "string" ? value : isText(value) ? value.join("\n") : JSON.stringify(value)}
    </pre>
  );
}

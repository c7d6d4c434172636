"use client";

import { useTranslations } from "use-intl";
import type { TargetKind } from "@/lib/contracts/forward-target.ts";
import { remedyOf } from "@/lib/format/remedy.ts";

/** What mends a push that failed; nothing where nobody knows, and for what is no push. */
export function RemedyText({ kind, error }: { kind: TargetKind; error: string | null }) {
  const t = useTranslations("remedies");
  const remedy = kind === "webhook" ? null : remedyOf(kind, error);
  if (remedy === null) return null;
  return (
    <span className="block text-meta text-ink">
      <strong className="font-medium">{t("title")}</strong> {t(`texts.${remedy}`)}
    </span>
  );
}

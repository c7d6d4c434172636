"use client";

import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import type { DraftState } from "./use-draft.ts";

export function DraftBar({ draft, onReview }: { draft: DraftState; onReview: () => void }) {
  const t = useTranslations();
  return (
    <div className="sticky bottom-0 z-20 -mx-4 mt-auto flex min-h-13 flex-wrap items-center gap-2 border-t border-accent/40 bg-accent-soft px-4 py-2 md:-mx-6 md:px-6">
      <span className="mr-auto font-medium" aria-live="polite">
        {draft.isChecking ? t("access.checking") : t("access.draft", { count: draft.changes.length })}
      </span>
      <Button onClick={draft.discard}>{t("common.discard")}</Button>
      <Button variant="primary" disabled={draft.isChecking || draft.changes.length === 0} onClick={onReview}>
        {t("access.review")}
      </Button>
    </div>
  );
}

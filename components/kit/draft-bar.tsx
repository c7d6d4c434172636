"use client";

import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { useMay, type VerbName } from "@/lib/api/me.ts";
import { May } from "./may.tsx";
import { useSaveKey } from "./use-keys.ts";

interface Props {
  /** The verb that applies the draft: whoever may not call it can still see what the draft would do. */
  call: VerbName;
  isChecking: boolean;
  /** How many places of the policy the draft changes. */
  changes: number;
  onDiscard: () => void;
  onReview: () => void;
}

/** Stays in sight while there is a draft that nobody has applied. */
export function DraftBar({ call, isChecking, changes, onDiscard, onReview }: Props) {
  const t = useTranslations();
  const isReady = useMay()(call) && !isChecking && changes > 0;
  useSaveKey(() => isReady && onReview());
  return (
    <div className="sticky bottom-0 z-20 -mx-4 mt-auto -mb-5 flex min-h-13 flex-wrap items-center gap-2 border-t border-accent/40 bg-accent-soft px-4 py-2 md:-mx-6 md:px-6">
      <span className="mr-auto font-medium" aria-live="polite">
        {isChecking ? t("access.checking") : t("access.draft", { count: changes })}
      </span>
      <Button onClick={onDiscard}>{t("common.discard")}</Button>
      <May call={call}>
        <Button variant="primary" disabled={isChecking || changes === 0} onClick={onReview}>
          {t("access.review")}
        </Button>
      </May>
    </div>
  );
}

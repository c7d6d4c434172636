"use client";

import { RotateCw } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";

interface Props {
  count: number;
  onReplay: () => void;
  onClear: () => void;
}

/** What can be done with the events that are selected. */
export function DeadSelection({ count, onReplay, onClear }: Props) {
  const t = useTranslations();
  if (count === 0) return null;
  return (
    <div
      role="region"
      aria-label={t("common.actions")}
      className="sticky bottom-0 z-10 flex min-h-12 flex-wrap items-center gap-2 border-t border-accent/40 bg-accent-soft px-4 py-2"
    >
      <span className="font-medium" aria-live="polite">
        {t("common.selected", { count })}
      </span>
      <span className="ml-auto flex flex-wrap gap-2">
        <Button size="sm" variant="primary" onClick={onReplay}>
          <RotateCw aria-hidden className="size-3.5" />
          {t("deadLetters.replaySelected")}
        </Button>
        <Button size="sm" variant="ghost" onClick={onClear}>
          {t("common.clear")}
        </Button>
      </span>
    </div>
  );
}

"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useFormatter, useTranslations } from "use-intl";
import { IconButton } from "@/components/ui/icon-button.tsx";
import type { useCursor } from "./use-cursor.ts";

interface Props {
  place: ReturnType<typeof useCursor>;
  limit: number;
  count: number;
  total: number | null;
  nextCursor: string | null;
}

export function Pager({ place, limit, count, total, nextCursor }: Props) {
  const t = useTranslations("common");
  const format = useFormatter();
  const from = (place.page ?? 0) * limit + 1;
  const range = { from: format.number(from), to: format.number(from + count - 1) };
  return (
    <div className="flex min-h-11 items-center gap-2 border-t border-line px-4 text-meta text-ink-3">
      <span className="flex-1">
        {place.page === null || count === 0
          ? null
          : total === null
            ? t("pageRange", range)
            : t("pageOf", { ...range, total: format.number(total) })}
      </span>
      <IconButton label={t("previous")} size="sm" disabled={place.cursor === null} onClick={place.previous}>
        <ChevronLeft aria-hidden className="size-4" />
      </IconButton>
      <IconButton
        label={t("next")}
        size="sm"
        disabled={nextCursor === null}
        onClick={() => nextCursor !== null && place.next(nextCursor)}
      >
        <ChevronRight aria-hidden className="size-4" />
      </IconButton>
    </div>
  );
}

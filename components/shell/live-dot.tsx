"use client";

import { useTranslations } from "use-intl";
import { Tooltip } from "@/components/ui/tooltip.tsx";
import { useLiveState } from "@/lib/api/live-context.ts";
import { cn } from "@/lib/format/cn.ts";

const looks = {
  open: { dot: "bg-ok", text: "open" },
  connecting: { dot: "bg-warn", text: "connecting" },
  idle: { dot: "bg-ink-3", text: "connecting" },
  waiting: { dot: "bg-err", text: "closed" },
} as const;

/** Green, amber or red, always with its word. */
export function LiveDot() {
  const t = useTranslations("shell.live");
  const { status } = useLiveState();
  const look = looks[status];
  return (
    <Tooltip text={t("label")}>
      <span role="status" className="inline-flex h-8 items-center gap-1.5 px-1 text-meta text-ink-2">
        <span aria-hidden className={cn("size-2 rounded-full", look.dot)} />
        <span className="max-sm:sr-only">{t(look.text)}</span>
      </span>
    </Tooltip>
  );
}

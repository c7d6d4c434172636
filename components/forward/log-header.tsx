"use client";

import { Pause, Play } from "lucide-react";
import { useTranslations } from "use-intl";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Kbd } from "@/components/ui/kbd.tsx";
import { cn } from "@/lib/format/cn.ts";
import { useTimes } from "@/lib/format/use-times.ts";
import { useLiveState } from "@/lib/api/live-context.ts";
import type { ForwardLogView } from "@/lib/api/forward-log.ts";

export function LogHeader({ view, onToggle }: { view: ForwardLogView; onToggle: () => void }) {
  const t = useTranslations("forward");
  const { zoneName } = useTimes();
  const isOpen = useLiveState().status === "open";
  const isLive = view.isFollowing && isOpen;
  return (
    <PageHeader
      title={t("title")}
      lead={<span suppressHydrationWarning>{t("zone", { zone: zoneName })}</span>}
      actions={
        <>
          <span className={cn("inline-flex items-center gap-1.5 px-1", isLive ? "text-ok" : "text-warn")}>
            <span aria-hidden className={cn("size-2 rounded-full", isLive ? "bg-ok" : "bg-warn")} />
            {t(isLive ? "live" : "paused")}
          </span>
          <Button onClick={onToggle} aria-pressed={!view.isFollowing} className="min-w-28">
            {view.isFollowing ? <Pause aria-hidden className="size-3.5" /> : <Play aria-hidden className="size-3.5" />}
            {t(view.isFollowing ? "pause" : "resume")}
            <span className="max-sm:hidden">
              <Kbd>L</Kbd>
            </span>
          </Button>
        </>
      }
    />
  );
}

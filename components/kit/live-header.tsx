"use client";

import { Pause, Play } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { Kbd } from "@/components/ui/kbd.tsx";
import { useLiveState } from "@/lib/api/live-context.ts";
import { cn } from "@/lib/format/cn.ts";
import { useTimes } from "@/lib/format/use-times.ts";
import { PageHeader } from "./page-header.tsx";

interface Props {
  title: string;
  isFollowing: boolean;
  onToggle: () => void;
  children?: ReactNode;
}

/** The head of a live log: does it go on, and in which zone are its times. */
export function LiveHeader({ title, isFollowing, onToggle, children }: Props) {
  const t = useTranslations("forward");
  const { zoneName } = useTimes();
  const isOpen = useLiveState().status === "open";
  const isLive = isFollowing && isOpen;
  return (
    <PageHeader
      title={title}
      lead={<span suppressHydrationWarning>{t("zone", { zone: zoneName })}</span>}
      actions={
        <>
          {children}
          <span className={cn("inline-flex items-center gap-1.5 px-1", isLive ? "text-ok" : "text-warn")}>
            <span aria-hidden className={cn("size-2 rounded-full", isLive ? "bg-ok" : "bg-warn")} />
            {t(isLive ? "live" : "paused")}
          </span>
          <Button onClick={onToggle} aria-pressed={!isFollowing} className="min-w-28">
            {isFollowing ? <Pause aria-hidden className="size-3.5" /> : <Play aria-hidden className="size-3.5" />}
            {t(isFollowing ? "pause" : "resume")}
            <span className="max-sm:hidden">
              <Kbd>L</Kbd>
            </span>
          </Button>
        </>
      }
    />
  );
}

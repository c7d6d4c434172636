"use client";

import { Bug, CircleAlert, Info, TriangleAlert } from "lucide-react";
import { useTranslations } from "use-intl";
import type { LogLevel } from "@/lib/contracts/log.ts";
import { cn } from "@/lib/format/cn.ts";

const looks = {
  debug: { icon: Bug, tone: "text-ink-3" },
  info: { icon: Info, tone: "text-ink-2" },
  warn: { icon: TriangleAlert, tone: "text-warn" },
  error: { icon: CircleAlert, tone: "text-err" },
};

export function LevelText({ level }: { level: LogLevel }) {
  const t = useTranslations("log.levels");
  const { icon: Icon, tone } = looks[level];
  return (
    <span className={cn("inline-flex items-center gap-1.5 whitespace-nowrap", tone)}>
      <Icon aria-hidden className="size-3.5 shrink-0" />
      {t(level)}
    </span>
  );
}

import type { ReactNode } from "react";
import { cn } from "@/lib/format/cn.ts";

export type Tone = "neutral" | "accent" | "ok" | "warn" | "err" | "violet";

const grounds: Record<Tone, string> = {
  neutral: "bg-sunken text-ink-2",
  accent: "bg-accent-soft text-accent",
  ok: "bg-ok-soft text-ok",
  warn: "bg-warn-soft text-warn",
  err: "bg-err-soft text-err",
  violet: "bg-violet-soft text-violet",
};

export const toneText: Record<Tone, string> = {
  neutral: "text-ink-2",
  accent: "text-accent",
  ok: "text-ok",
  warn: "text-warn",
  err: "text-err",
  violet: "text-violet",
};

export function Badge({
  tone = "neutral",
  children,
  className,
}: {
  tone?: Tone;
  children: ReactNode;
  className?: string;
}) {
  return (
    <span
      className={cn(
        "inline-flex h-5 items-center gap-1 rounded-badge px-1.5 text-meta font-medium whitespace-nowrap",
        grounds[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}

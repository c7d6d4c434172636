"use client";

import { useProductName } from "@/lib/api/brand.ts";
import { cn } from "@/lib/format/cn.ts";

/** An envelope with a lit window: post that arrives at night. */
export function Wordmark({ isMark = false }: { isMark?: boolean }) {
  const name = useProductName();
  return (
    <span className="inline-flex min-w-0 items-center gap-2.5">
      <span aria-hidden className={cn("brand-logo", isMark && "max-w-7")} />
      <svg aria-hidden viewBox="0 0 22 20" className="brand-mark h-5 w-[22px] shrink-0" fill="none">
        <rect x="1" y="4.5" width="18" height="13" rx="2" className="stroke-ink" strokeWidth="1.6" />
        <path d="m1.6 6 8.4 6.2L18.4 6" className="stroke-ink" strokeWidth="1.6" strokeLinejoin="round" />
        <circle cx="18" cy="4.2" r="3.4" className="fill-accent stroke-surface" strokeWidth="1.4" />
      </svg>
      <bdi className={isMark ? "sr-only" : "truncate text-section font-semibold tracking-[-0.01em]"}>{name}</bdi>
    </span>
  );
}

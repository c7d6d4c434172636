import type { ReactNode } from "react";
import { cn } from "@/lib/format/cn.ts";

/** Names and values; what has no value is left out. On a phone half the width is too little for a date with its time. */
export function Facts({ facts, className }: { facts: [string, ReactNode][]; className?: string }) {
  return (
    <dl className={cn("grid grid-cols-1 gap-x-6 gap-y-3 min-[28rem]:grid-cols-2 lg:grid-cols-4", className)}>
      {facts.map(([name, value]) =>
        value === null || value === undefined || value === "" ? null : (
          <div key={name} className="min-w-0">
            <dt className="text-meta text-ink-3">{name}</dt>
            <dd className="wrap-anywhere">{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

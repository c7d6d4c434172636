import { cn } from "@/lib/format/cn.ts";

/** How much of a limit is taken. */
export function UsageBar({ label, used, limit }: { label: string; used: number; limit: number }) {
  const part = Math.min(1, used / Math.max(1, limit));
  return (
    <span
      role="meter"
      aria-label={label}
      aria-valuenow={Math.round(part * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      className="block h-1.5 w-full overflow-hidden rounded-full bg-sunken"
    >
      <span
        className={cn("block h-full", part >= 0.9 ? "bg-err" : part >= 0.75 ? "bg-warn" : "bg-accent")}
        style={{ width: `${part * 100}%` }}
      />
    </span>
  );
}

import { cn } from "@/lib/format/cn.ts";

/** Stands where the content will be; shows itself only when loading takes longer than 150 ms. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden className={cn("block h-3 animate-reveal rounded-badge bg-sunken dark:bg-line/70", className)} />
  );
}

import { cn } from "@/lib/format/cn.ts";

export const skeletonBar = "block h-3 rounded-badge bg-sunken dark:bg-line/70";

/** Stands where the content will be; shows itself only when loading takes longer than 150 ms. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden data-skeleton className={cn(skeletonBar, "animate-reveal", className)} />;
}

import { skeletonBar } from "@/components/ui/skeleton.tsx";
import { cn } from "@/lib/format/cn.ts";

const widths = ["w-40", "w-24", "w-16", "w-28", "w-20", "w-12"];

/** Rows of the height that the table will have. They show themselves together: one animation instead of one for each bar. */
export function TableSkeleton({ rows = 8, columns = 5 }: { rows?: number; columns?: number }) {
  return (
    <div aria-hidden data-skeleton className="animate-reveal">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-9 items-center gap-8 border-b border-line px-4 last:border-b-0">
          {Array.from({ length: columns }, (_unused, column) => (
            <span key={column} className={cn(skeletonBar, widths[(row + column * 2) % widths.length])} />
          ))}
        </div>
      ))}
    </div>
  );
}

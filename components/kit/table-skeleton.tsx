import { Skeleton } from "@/components/ui/skeleton.tsx";

const widths = ["w-40", "w-24", "w-16", "w-28", "w-20", "w-12"];

/** Rows of the height that the table will have. */
export function TableSkeleton({ rows = 8, columns = 5 }: { rows?: number; columns?: number }) {
  return (
    <div>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-9 items-center gap-8 border-b border-line px-4 last:border-b-0">
          {Array.from({ length: columns }, (_unused, column) => (
            <Skeleton key={column} className={widths[(row + column * 2) % widths.length] ?? "w-20"} />
          ))}
        </div>
      ))}
    </div>
  );
}

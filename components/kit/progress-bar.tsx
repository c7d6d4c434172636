import { cn } from "@/lib/format/cn.ts";

/** How far something has come. */
export function ProgressBar({
  label,
  value,
  max,
  className,
}: {
  label: string;
  value: number;
  max: number;
  className?: string;
}) {
  return (
    <progress
      aria-label={label}
      value={value}
      max={Math.max(1, max)}
      className={cn(
        "h-1.5 appearance-none overflow-hidden rounded-full border-0 bg-line",
        "[&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent",
        className,
      )}
    />
  );
}

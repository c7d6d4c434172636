import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/lib/format/cn.ts";
import { controlClasses } from "./input.tsx";

/** The platform's own select: the best one on phones and for screen readers. */
export function Select({ className, children, ...props }: ComponentProps<"select">) {
  return (
    <span className={cn("relative inline-block", className)}>
      <select className={cn(controlClasses, "h-8 appearance-none truncate pr-7 pl-2.5")} {...props}>
        {children}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2 size-3.5 -translate-y-1/2 text-ink-3"
      />
    </span>
  );
}

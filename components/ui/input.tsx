import type { ComponentProps } from "react";
import { cn } from "@/lib/format/cn.ts";

export const controlClasses =
  "w-full min-w-0 rounded-control border border-line-strong bg-surface text-base text-ink transition-colors duration-[120ms] " +
  "focus:border-accent focus:outline-2 focus:-outline-offset-1 focus:outline-accent " +
  "aria-invalid:border-err disabled:bg-sunken disabled:text-ink-3 disabled:cursor-not-allowed";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input className={cn(controlClasses, "h-8 px-2.5", className)} {...props} />;
}

export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea className={cn(controlClasses, "px-2.5 py-1.5", className)} {...props} />;
}

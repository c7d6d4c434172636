import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "@/lib/format/cn.ts";

const variants = {
  primary: "bg-accent text-on-accent hover:not-disabled:bg-accent-hover border-transparent",
  secondary:
    "bg-surface text-ink border-line-strong/60 hover:not-disabled:bg-sunken hover:not-disabled:border-line-strong",
  ghost: "border-transparent text-ink-2 hover:not-disabled:bg-sunken hover:not-disabled:text-ink",
  danger: "border-transparent bg-err text-on-accent hover:not-disabled:bg-err-hover",
  "danger-quiet":
    "bg-surface border-line-strong/60 text-err hover:not-disabled:bg-err-soft hover:not-disabled:border-err",
};

const sizes = { sm: "h-7 px-2.5 text-meta", md: "h-8 px-3 text-base", lg: "h-9 px-4 text-body" };

export interface ButtonProps extends ComponentProps<"button"> {
  variant?: keyof typeof variants;
  size?: keyof typeof sizes;
  /** Renders the child (a link) with the look of a button. */
  asChild?: boolean;
}

export function Button({ variant = "secondary", size = "md", asChild, className, ...props }: ButtonProps) {
  const Component = asChild ? Slot.Root : "button";
  return (
    <Component
      {...(asChild ? {} : { type: "button" as const })}
      className={cn(
        "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-control border font-medium whitespace-nowrap select-none",
        "transition-colors duration-[120ms] disabled:cursor-not-allowed disabled:opacity-55",
        variants[variant],
        sizes[size],
        className,
      )}
      {...props}
    />
  );
}

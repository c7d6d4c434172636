"use client";

import { Switch as Radix } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "@/lib/format/cn.ts";

export function Switch({ className, ...props }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      className={cn(
        "inline-flex h-5 w-9 shrink-0 items-center rounded-full border border-line-strong bg-sunken transition-colors duration-[120ms]",
        "data-[state=checked]:border-accent data-[state=checked]:bg-accent disabled:cursor-not-allowed disabled:opacity-55",
        className,
      )}
      {...props}
    >
      <Radix.Thumb className="block size-3.5 translate-x-[3px] rounded-full bg-ink-3 transition-transform duration-[120ms] data-[state=checked]:translate-x-[17px] data-[state=checked]:bg-on-accent" />
    </Radix.Root>
  );
}

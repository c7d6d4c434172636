"use client";

import { RadioGroup } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/lib/format/cn.ts";

interface Props<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: ReactNode }[];
  onChange: (value: T) => void;
  disabled?: boolean;
  className?: string;
}

/** A few choices side by side, of which one holds. */
export function Segmented<T extends string>({ label, value, options, onChange, disabled, className }: Props<T>) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      onValueChange={(next) => onChange(next as T)}
      disabled={disabled ?? false}
      orientation="horizontal"
      className={cn(
        "inline-flex max-w-full flex-wrap rounded-control border border-line-strong/60 bg-sunken p-0.5",
        className,
      )}
    >
      {options.map((option) => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          className="min-h-[26px] rounded-[4px] max-sm:flex-auto border border-transparent px-2.5 text-base text-ink-2 hover:text-ink data-[state=checked]:border-line data-[state=checked]:bg-surface data-[state=checked]:font-medium data-[state=checked]:text-ink"
        >
          {option.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}

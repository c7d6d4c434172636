"use client";

import { RadioGroup } from "radix-ui";

interface Props<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string; text: string }[];
  onChange: (value: T) => void;
}

/** One of a few ways, each with what follows from it. */
export function ChoiceList<T extends string>({ label, value, options, onChange }: Props<T>) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const chosen = options.find((option) => option.value === next);
        if (chosen) onChange(chosen.value);
      }}
      className="flex flex-col gap-2"
    >
      {options.map((option) => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          className="flex flex-col rounded-control border border-line-strong bg-surface px-4 py-3 text-left data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft"
        >
          <span className="font-medium">{option.label}</span>
          <span className="text-ink-2">{option.text}</span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}

"use client";

import { Check } from "lucide-react";
import { DropdownMenu, Popover } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/lib/format/cn.ts";

const word =
  "inline rounded-badge px-0.5 -mx-0.5 text-left font-medium text-accent underline decoration-accent/40 decoration-1 underline-offset-3 " +
  "hover:bg-accent-soft hover:decoration-accent data-[state=open]:bg-accent-soft wrap-anywhere min-h-6";
const panel = "z-50 rounded-panel border border-line bg-surface shadow-overlay data-[state=open]:animate-rise";

interface Option<T extends string> {
  value: T;
  label: ReactNode;
}

interface ChoicesProps<T extends string> {
  label: string;
  text: ReactNode;
  options: readonly Option<T>[];
  chosen: readonly T[];
  onChange: (chosen: T[]) => void;
  isBad?: boolean;
}

/** A word of a sentence that several of a few stand behind. */
export function ChoicesWord<T extends string>({ label, text, options, chosen, onChange, isBad }: ChoicesProps<T>) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <button type="button" aria-label={label} className={cn(word, isBad && "text-err decoration-err")}>
          {text}
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className={cn(panel, "max-h-80 min-w-48 overflow-y-auto p-1")}
        >
          {options.map((option) => (
            <DropdownMenu.CheckboxItem
              key={option.value}
              checked={chosen.includes(option.value)}
              onCheckedChange={(isOn) =>
                onChange(
                  options
                    .map((each) => each.value)
                    .filter((each) => (each === option.value ? isOn : chosen.includes(each))),
                )
              }
              onSelect={(event) => event.preventDefault()}
              className="flex min-h-8 cursor-pointer items-center gap-2 rounded-badge px-2 outline-none data-[highlighted]:bg-sunken"
            >
              <Tick />
              {option.label}
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
}

/** A word of a sentence in whose place another may stand. */
export function ChoiceWord<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <button type="button" aria-label={label} className={word}>
          {options.find((option) => option.value === value)?.label}
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="start" sideOffset={4} collisionPadding={8} className={cn(panel, "min-w-48 p-1")}>
          <DropdownMenu.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
            {options.map((option) => (
              <DropdownMenu.RadioItem
                key={option.value}
                value={option.value}
                className="flex min-h-8 cursor-pointer items-center gap-2 rounded-badge px-2 outline-none data-[highlighted]:bg-sunken"
              >
                <Tick />
                {option.label}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Tick() {
  return (
    <span className="flex size-4 items-center justify-center">
      <DropdownMenu.ItemIndicator>
        <Check aria-hidden className="size-4 text-accent" />
      </DropdownMenu.ItemIndicator>
    </span>
  );
}

/** A word of a sentence with something to fill in behind it. */
export function PanelWord({ label, text, children }: { label: string; text: ReactNode; children: ReactNode }) {
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button type="button" aria-label={label} className={word}>
          {text}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className={cn(panel, "w-80 max-w-[calc(100vw-16px)] p-3")}
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

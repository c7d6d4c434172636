"use client";

import { Check, ChevronDown } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { Button } from "@/components/ui/button.tsx";
import { useJoints } from "./joints.tsx";

interface Props {
  label: string;
  options: string[];
  chosen: string[];
  /** Shown when nothing is chosen. */
  none: string;
  onChange: (chosen: string[]) => void;
}

/** Several of a few. */
export function ChoiceMenu({ label, options, chosen, none, onChange }: Props) {
  const { colon, comma } = useJoints();
  const text = chosen.length === 0 ? none : chosen.join(comma);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button
          aria-label={`${label}${colon}${text}`}
          className="max-w-full min-w-60 justify-between self-start border-line-strong px-2.5 font-normal"
        >
          <span className="truncate">{text}</span>
          <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={4}
          className="z-50 max-h-80 min-w-40 overflow-y-auto rounded-panel border border-line bg-surface p-1 shadow-overlay"
        >
          {options.map((option) => (
            <DropdownMenu.CheckboxItem
              key={option}
              checked={chosen.includes(option)}
              onCheckedChange={(isOn) =>
                onChange(isOn ? [...chosen, option] : chosen.filter((each) => each !== option))
              }
              onSelect={(event) => event.preventDefault()}
              className="flex min-h-8 cursor-pointer items-center gap-2 rounded-badge px-2 outline-none data-[highlighted]:bg-sunken"
            >
              <span className="flex size-4 items-center justify-center">
                <DropdownMenu.ItemIndicator>
                  <Check aria-hidden className="size-4 text-accent" />
                </DropdownMenu.ItemIndicator>
              </span>
              {option}
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

"use client";

import { Select } from "@/components/ui/select.tsx";
import { cn } from "@/lib/format/cn.ts";

/** A choice of one of a list's filters, or of none: `any` says so. */
export function FilterSelect<Value extends string>({
  label,
  value,
  any,
  options,
  onChange,
  className,
}: {
  label: string;
  value: Value | null | undefined;
  any: string;
  options: readonly (readonly [value: Value, text: string])[];
  onChange: (value: Value | null) => void;
  className: string;
}) {
  return (
    <Select
      aria-label={label}
      value={value ?? ""}
      onChange={(event) => onChange(options.find(([each]) => each === event.target.value)?.[0] ?? null)}
      // On a phone two of them share a line, and what they say can be read.
      className={cn("max-sm:min-w-32", className)}
    >
      <option value="">{any}</option>
      {options.map(([each, text]) => (
        <option key={each} value={each}>
          {text}
        </option>
      ))}
    </Select>
  );
}

"use client";

import type { ReactNode } from "react";
import { cn } from "@/lib/format/cn.ts";
import { useFieldText } from "./use-field-text.ts";

interface Props {
  label: ReactNode;
  htmlFor: string;
  help?: ReactNode;
  error?: string | undefined;
  note?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** Label above, control, help or error below. The control's `aria-describedby` is `ID-help` (and `ID-error`). */
export function Field({ label, htmlFor, help, error, note, children, className }: Props) {
  const fieldText = useFieldText();
  return (
    <div className={cn("flex min-w-0 flex-col gap-1", className)}>
      <label htmlFor={htmlFor} className="flex items-baseline justify-between gap-2 font-medium">
        {label}
        {note ? <span className="text-meta font-normal text-ink-3">{note}</span> : null}
      </label>
      {children}
      {error ? (
        <p id={`${htmlFor}-error`} role="alert" className="text-meta text-err">
          {fieldText({ message: error })}
        </p>
      ) : null}
      {help ? (
        <p id={`${htmlFor}-help`} className="text-meta text-ink-3">
          {help}
        </p>
      ) : null}
    </div>
  );
}

/** A checkbox or switch with its label beside it and help below. */
export function ToggleField({
  label,
  htmlFor,
  help,
  children,
}: Pick<Props, "label" | "htmlFor" | "help" | "children">) {
  return (
    <div className="flex items-start gap-3">
      <span className="flex h-5 items-center">{children}</span>
      <div className="min-w-0">
        <label htmlFor={htmlFor} className="font-medium">
          {label}
        </label>
        {help ? (
          <p id={`${htmlFor}-help`} className="text-meta text-ink-3">
            {help}
          </p>
        ) : null}
      </div>
    </div>
  );
}

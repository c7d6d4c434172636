"use client";

import { useEffect } from "react";
import type { FieldValues, UseFormReturn } from "react-hook-form";
import { keep, readKept } from "@/lib/format/kept.ts";

/**
 * Keeps what is typed into a form until it is saved or discarded, as `useKept` does with drafts. `openOf` leaves the secrets
 * out, which a reload then asks for again; it is the same function in every render.
 */
export function useKeptForm<Input extends FieldValues, Output>(
  form: UseFormReturn<Input, unknown, Output>,
  name: string,
  openOf: (values: Input) => Partial<Input> = every,
): void {
  const { subscribe, reset, getValues } = form;
  useEffect(() => {
    const kept = readKept<Partial<Input>>(name);
    if (kept !== null) reset({ ...getValues(), ...kept }, { keepDefaultValues: true, keepFieldsRef: true });
    return subscribe({
      formState: { values: true, isDirty: true },
      callback: ({ values, isDirty }) => (isDirty === false ? keep(name, null) : keep(name, values, openOf(values))),
    });
  }, [name, openOf, subscribe, reset, getValues]);
}

const every = <Input>(values: Input): Input => values;

"use client";

import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { problemOf } from "@/lib/api/problem.ts";

/** Puts the server's field errors under their fields; answers whether there were any. */
export function showServerErrors<T extends FieldValues>(form: UseFormReturn<T>, error: unknown, prefix = ""): boolean {
  const errors = (problemOf(error).errors ?? []).filter(({ path }) => path.startsWith(prefix));
  for (const [index, { path, message }] of errors.entries()) {
    const name = path.slice(prefix.length).replaceAll(/\[(\d+)\]/g, ".$1");
    form.setError(name as FieldPath<T>, { type: "server", message }, { shouldFocus: index === 0 });
  }
  return errors.length > 0;
}

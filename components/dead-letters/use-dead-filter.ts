"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { MessageClass } from "@/lib/contracts/forward-policy.ts";
import type { ForwardFilter } from "@/lib/contracts/forward.ts";

export const deadStates = ["dead", "expired"] as const;

const parsers = {
  host: parseAsString,
  target: parseAsString,
  user: parseAsString,
  class: parseAsStringLiteral(MessageClass.options),
  reason: parseAsString,
  state: parseAsStringLiteral(deadStates).withDefault("dead"),
  q: parseAsString,
  since: parseAsString,
};

/** Which of the events that were given up are shown; in the address, so that Back and a link bring it back. */
export function useDeadFilter() {
  const [values, setValues] = useQueryStates(parsers, { history: "replace" });
  const { host, target, user, class: kind, reason, state, q, since } = values;
  const filter = useMemo<ForwardFilter>(
    () => ({
      state,
      ...(host ? { host } : {}),
      ...(target ? { target } : {}),
      ...(user ? { user } : {}),
      ...(kind ? { class: kind } : {}),
      ...(reason ? { reason } : {}),
      ...(q ? { search: q } : {}),
      ...(since ? { since } : {}),
    }),
    [host, target, user, kind, reason, state, q, since],
  );
  return {
    values,
    filter,
    set: (next: Partial<typeof values>) => void setValues(next),
    clear: () => void setValues({ target: null, user: null, class: null, reason: null, q: null, since: null }),
    isFiltered: Object.keys(filter).some((name) => name !== "state" && name !== "host"),
  };
}

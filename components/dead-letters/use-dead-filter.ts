"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { useNegation } from "@/components/kit/use-negation.ts";
import type { ForwardFilter } from "@/lib/contracts/forward-filter.ts";
import { messageClasses } from "@/lib/contracts/words.ts";

export const deadStates = ["dead", "expired"] as const;

const parsers = {
  host: parseAsString,
  target: parseAsString,
  user: parseAsString,
  class: parseAsStringLiteral(messageClasses),
  reason: parseAsString,
  state: parseAsStringLiteral(deadStates).withDefault("dead"),
  q: parseAsString,
  since: parseAsString,
};
const nothing = { target: null, user: null, class: null, reason: null, q: null, since: null };
const fields = { target: "target", user: "user", class: "class", reason: "reason" };

/** Which of the events that were given up are shown; in the address, so that Back and a link bring it back. */
export function useDeadFilter() {
  const [values, setValues] = useQueryStates(parsers, { history: "replace" });
  const { host, target, user, class: kind, reason, state, q, since } = values;
  const negation = useNegation(fields);
  const { not } = negation.input;
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
      ...(not ? { not } : {}),
    }),
    [host, target, user, kind, reason, state, q, since, not],
  );
  return {
    values,
    negation,
    filter,
    ...negation.over(setValues, nothing),
    isFiltered: Object.keys(filter).some((name) => name !== "state" && name !== "host"),
  };
}

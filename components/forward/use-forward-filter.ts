"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { useNegation } from "@/components/kit/use-negation.ts";
import type { ForwardFilter } from "@/lib/contracts/forward-filter.ts";
import { forwardStates, messageClasses } from "@/lib/contracts/words.ts";

const parsers = {
  host: parseAsString,
  target: parseAsString,
  user: parseAsString,
  device: parseAsString,
  class: parseAsStringLiteral(messageClasses),
  reason: parseAsString,
  state: parseAsStringLiteral(forwardStates),
  q: parseAsString,
  since: parseAsString,
  until: parseAsString,
};
const nothing = {
  target: null,
  user: null,
  device: null,
  class: null,
  reason: null,
  state: null,
  q: null,
  since: null,
  until: null,
};
const fields = {
  target: "target",
  user: "user",
  device: "device",
  class: "class",
  reason: "reason",
  state: "state",
};

/** The log's filter, kept in the address: list, histogram and live stream all use this one. */
export function useForwardFilter() {
  const [values, setValues] = useQueryStates(parsers, { history: "replace" });
  const { host, target, user, device, class: kind, reason, state, q, since, until } = values;
  const negation = useNegation(fields);
  const { not } = negation.input;
  const filter = useMemo<ForwardFilter>(
    () => ({
      ...(host ? { host } : {}),
      ...(target ? { target } : {}),
      ...(user ? { user } : {}),
      ...(device ? { device } : {}),
      ...(kind ? { class: kind } : {}),
      ...(reason ? { reason } : {}),
      ...(state ? { state } : {}),
      ...(q ? { search: q } : {}),
      ...(since ? { since } : {}),
      ...(until ? { until } : {}),
      ...(not ? { not } : {}),
    }),
    [host, target, user, device, kind, reason, state, q, since, until, not],
  );
  return {
    values,
    negation,
    filter,
    ...negation.over(setValues, nothing),
    isFiltered: Object.keys(filter).length > 0,
  };
}

"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { MessageClass } from "@/lib/contracts/forward-policy.ts";
import { type ForwardFilter } from "@/lib/contracts/forward.ts";
import { ForwardState } from "@/lib/contracts/forward-event.ts";

const parsers = {
  host: parseAsString,
  target: parseAsString,
  user: parseAsString,
  device: parseAsString,
  class: parseAsStringLiteral(MessageClass.options),
  reason: parseAsString,
  state: parseAsStringLiteral(ForwardState.options),
  q: parseAsString,
  since: parseAsString,
  until: parseAsString,
};

/** The log's filter, kept in the address: list, histogram and live stream all use this one. */
export function useForwardFilter() {
  const [values, setValues] = useQueryStates(parsers, { history: "replace" });
  const { host, target, user, device, class: kind, reason, state, q, since, until } = values;
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
    }),
    [host, target, user, device, kind, reason, state, q, since, until],
  );
  return {
    values,
    filter,
    set: (next: Partial<typeof values>) => void setValues(next),
    clear: () =>
      void setValues({
        target: null,
        user: null,
        device: null,
        class: null,
        reason: null,
        state: null,
        q: null,
        since: null,
        until: null,
      }),
    isFiltered: Object.keys(filter).length > 0,
  };
}

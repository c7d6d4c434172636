"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";

export const orders = ["messages", "jid"] as const;

const parsers = {
  host: parseAsString,
  q: parseAsString,
  order: parseAsStringLiteral(orders).withDefault("messages"),
};

/** Which queues are shown, in the address. */
export function useQueueFilter() {
  const [values, setValues] = useQueryStates(parsers, { history: "replace" });
  const { host, q, order } = values;
  return {
    values,
    filter: { order, ...(host ? { host } : {}), ...(q ? { search: q } : {}) },
    set: (next: Partial<typeof values>) => void setValues(next),
    clear: () => void setValues({ q: null }),
    isFiltered: Boolean(q),
  };
}

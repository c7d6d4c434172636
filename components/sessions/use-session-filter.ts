"use client";

import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useHost } from "@/components/kit/use-host.ts";
import { useNegation } from "@/components/kit/use-negation.ts";
import type { SessionFilter } from "@/lib/contracts/sessions.ts";
import { transports } from "@/lib/contracts/words.ts";

const parsers = {
  q: parseAsString,
  transport: parseAsStringLiteral(transports),
  idle: parseAsInteger,
  hibernating: parseAsStringLiteral(["yes", "no"] as const),
};
const nothing = { q: null, transport: null, idle: null, hibernating: null };
const fields = { transport: "transport", idle: "idleMinutes", hibernating: "hibernating" };

/** What the list shows, in the address; `filter` as the server takes it, the host included. */
export function useSessionFilter() {
  const [host] = useHost();
  const [values, setValues] = useQueryStates(parsers, { history: "replace" });
  const negation = useNegation(fields);
  const { q, transport, idle, hibernating } = values;
  const own: SessionFilter = {
    ...(q ? { search: q } : {}),
    ...(transport ? { transport } : {}),
    ...(idle ? { idleMinutes: idle } : {}),
    ...(hibernating ? { hibernating } : {}),
  };
  const filter: SessionFilter = { ...(host ? { host } : {}), ...own, ...negation.input };
  return {
    filter,
    isNarrow: Object.keys(own).length > 0,
    values,
    negation,
    ...negation.over(setValues, nothing),
  };
}

"use client";

import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useHost } from "@/components/kit/use-host.ts";
import { OnlineSession, type SessionFilter } from "@/lib/contracts/sessions.ts";

export const transports = OnlineSession.shape.transport.options;
const parsers = {
  q: parseAsString,
  transport: parseAsStringLiteral(transports),
  idle: parseAsInteger,
  hibernating: parseAsStringLiteral(["yes", "no"] as const),
};
const nothing = { q: null, transport: null, idle: null, hibernating: null };

/** What the list shows, in the address; `filter` as the server takes it, the host included. */
export function useSessionFilter() {
  const [host] = useHost();
  const [values, setValues] = useQueryStates(parsers, { history: "replace" });
  const { q, transport, idle, hibernating } = values;
  const own: SessionFilter = {
    ...(q ? { search: q } : {}),
    ...(transport ? { transport } : {}),
    ...(idle ? { idleMinutes: idle } : {}),
    ...(hibernating ? { hibernating } : {}),
  };
  const filter: SessionFilter = { ...(host ? { host } : {}), ...own };
  return {
    filter,
    isNarrow: Object.keys(own).length > 0,
    values,
    set: (next: Partial<typeof values>): void => void setValues(next),
    clear: (): void => void setValues(nothing),
  };
}

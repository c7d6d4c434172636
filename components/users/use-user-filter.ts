"use client";

import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useHost } from "@/components/kit/use-host.ts";
import { AccountOrigin, type UserFilter } from "@/lib/contracts/users.ts";

export const states = ["all", "online", "queued", "never", "suspended"] as const;
const parsers = {
  q: parseAsString,
  filter: parseAsStringLiteral(states).withDefault("all"),
  idle: parseAsInteger,
  created: parseAsInteger,
  queued: parseAsInteger,
  via: parseAsStringLiteral(AccountOrigin.options),
};
const nothing = { q: null, filter: null, idle: null, created: null, queued: null, via: null };

/** What the list shows, in the address; `filter` as the server takes it, the host included. */
export function useUserFilter() {
  const [host] = useHost();
  const [values, setValues] = useQueryStates(parsers, { history: "replace" });
  const { q, filter: state, idle, created, queued, via } = values;
  const own: Partial<UserFilter> = {
    ...(q ? { search: q } : {}),
    ...(state === "all" ? {} : { filter: state }),
    ...(idle ? { idleDays: idle } : {}),
    ...(created ? { createdDays: created } : {}),
    ...(queued ? { minMessages: queued } : {}),
    ...(via ? { via } : {}),
  };
  const filter: Partial<UserFilter> = { ...(host ? { host } : {}), ...own };
  return {
    filter,
    isNarrow: Object.keys(own).length > 0,
    values,
    set: (next: Partial<typeof nothing | typeof values>): void => void setValues(next),
    clear: () => void setValues(nothing),
  };
}

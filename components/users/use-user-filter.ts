"use client";

import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useHost } from "@/components/kit/use-host.ts";
import { useNegation } from "@/components/kit/use-negation.ts";
import type { UserFilter } from "@/lib/contracts/users.ts";
import { accountOrigins } from "@/lib/contracts/words.ts";
import { useToday } from "@/lib/format/now.ts";

/** Of `created`: since the day began, instead of so many days ago. */
export const today = 0;
export const states = ["all", "online", "queued", "never", "suspended"] as const;
const parsers = {
  q: parseAsString,
  status: parseAsStringLiteral(states).withDefault("all"),
  idle: parseAsInteger,
  created: parseAsInteger,
  queued: parseAsInteger,
  via: parseAsStringLiteral(accountOrigins),
  tag: parseAsString,
};
const urlKeys = { status: "filter" } as const;
const fields = {
  status: "filter",
  idle: "idleDays",
  created: "createdDays",
  queued: "minMessages",
  via: "via",
  tag: "tag",
};
const nothing = { q: null, status: null, idle: null, created: null, queued: null, via: null, tag: null };

type Values = ReturnType<typeof useUserFilter>["values"];

/** What controls show that cannot say "not"; null: nothing. */
export type ShownFilter = { readonly [Name in keyof Values]: Values[Name] | null };

/** What the list shows, in the address; `filter` as the server takes it, the host included. */
export function useUserFilter() {
  const [host] = useHost();
  const [values, setValues] = useQueryStates(parsers, { history: "replace", urlKeys });
  const { q, status, idle, created, queued, via, tag } = values;
  const dayStart = useToday();
  const negation = useNegation(created === today ? { ...fields, created: "createdSince" } : fields);
  const own: Partial<UserFilter> = {
    ...(q ? { search: q } : {}),
    ...(status === "all" ? {} : { filter: status }),
    ...(idle ? { idleDays: idle } : {}),
    ...(created === today ? { createdSince: new Date(dayStart).toISOString() } : {}),
    ...(created ? { createdDays: created } : {}),
    ...(queued ? { minMessages: queued } : {}),
    ...(via ? { via } : {}),
    ...(tag ? { tag } : {}),
  };
  const filter: Partial<UserFilter> = { ...(host ? { host } : {}), ...own, ...negation.input };
  return {
    filter,
    isNarrow: Object.keys(own).length > 0,
    values,
    negation,
    ...negation.over(setValues, nothing),
  };
}

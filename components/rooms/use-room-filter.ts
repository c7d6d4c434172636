"use client";

import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useHost } from "@/components/kit/use-host.ts";
import { useNegation } from "@/components/kit/use-negation.ts";
import type { RoomFilter } from "@/lib/contracts/rooms.ts";

export const yesNo = ["yes", "no"] as const;
const parsers = {
  q: parseAsString,
  occupied: parseAsStringLiteral(yesNo),
  unused: parseAsInteger,
  persistent: parseAsStringLiteral(yesNo),
};
const nothing = { q: null, occupied: null, unused: null, persistent: null };
const fields = { occupied: "occupied", persistent: "persistent" };

/** What the list shows, in the address; `filter` as the server takes it, the host included. */
export function useRoomFilter() {
  const [host] = useHost();
  const [values, setValues] = useQueryStates(parsers, { history: "replace" });
  const negation = useNegation(fields);
  const { q, occupied, unused, persistent } = values;
  const own: RoomFilter = {
    ...(q ? { search: q } : {}),
    ...(occupied ? { occupied } : {}),
    ...(unused ? { unusedDays: unused } : {}),
    ...(persistent ? { persistent } : {}),
  };
  const filter: RoomFilter = { ...(host ? { host } : {}), ...own, ...negation.input };
  return {
    filter,
    isNarrow: Object.keys(own).length > 0,
    values,
    negation,
    ...negation.over(setValues, nothing),
  };
}

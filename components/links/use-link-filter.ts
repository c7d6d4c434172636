"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useHost } from "@/components/kit/use-host.ts";
import { LinkDirection, LinkState } from "@/lib/contracts/links.ts";

const parsers = {
  q: parseAsString,
  direction: parseAsStringLiteral(LinkDirection.options),
  state: parseAsStringLiteral(LinkState.options),
};
const nothing = { q: null, direction: null, state: null };

/** What the list shows, in the address; `filter` as the server takes it, the host included. */
export function useLinkFilter() {
  const [host] = useHost();
  const [values, setValues] = useQueryStates(parsers, { history: "replace" });
  const { q, direction, state } = values;
  const own = {
    ...(q ? { search: q } : {}),
    ...(direction ? { direction } : {}),
    ...(state ? { state } : {}),
  };
  return {
    filter: { ...(host ? { host } : {}), ...own },
    isNarrow: Object.keys(own).length > 0,
    values,
    set: (next: Partial<typeof values>) => void setValues(next),
    clear: () => void setValues(nothing),
  };
}

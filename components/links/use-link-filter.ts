"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useHost } from "@/components/kit/use-host.ts";
import { useNegation } from "@/components/kit/use-negation.ts";
import { linkDirections, linkStates } from "@/lib/contracts/words.ts";

const parsers = {
  q: parseAsString,
  direction: parseAsStringLiteral(linkDirections),
  state: parseAsStringLiteral(linkStates),
};
const nothing = { q: null, direction: null, state: null };
const fields = { direction: "direction", state: "state" };

/** What the list shows, in the address; `filter` as the server takes it, the host included. */
export function useLinkFilter() {
  const [host] = useHost();
  const [values, setValues] = useQueryStates(parsers, { history: "replace" });
  const negation = useNegation(fields);
  const { q, direction, state } = values;
  const own = {
    ...(q ? { search: q } : {}),
    ...(direction ? { direction } : {}),
    ...(state ? { state } : {}),
  };
  return {
    filter: { ...(host ? { host } : {}), ...own, ...negation.input },
    isNarrow: Object.keys(own).length > 0,
    values,
    negation,
    ...negation.over(setValues, nothing),
  };
}

"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { parseAsBoolean, useQueryState } from "nuqs";
import { api } from "@/lib/api/client.ts";
import type { OnlineSession } from "@/lib/contracts/sessions.ts";

const nothing: ReadonlyMap<string, string> = new Map();

/** Names of the addresses on the screen, looked up once somebody asks for them: until then nobody's DNS hears of them. */
export function useAddressNames(sessions: readonly OnlineSession[]) {
  const [isOn, setOn] = useQueryState("names", parseAsBoolean.withDefault(false));
  const addresses = [...new Set(sessions.map(({ address }) => address))].toSorted();
  const names = useQuery(
    api.sessions.names.queryOptions({
      input: { addresses },
      enabled: isOn && addresses.length > 0,
      staleTime: 60_000,
      placeholderData: keepPreviousData,
    }),
  );
  const known = names.data?.items.flatMap(({ address, name }): [string, string][] => (name ? [[address, name]] : []));
  return { isOn, setOn: (next: boolean) => void setOn(next || null), names: isOn && known ? new Map(known) : nothing };
}

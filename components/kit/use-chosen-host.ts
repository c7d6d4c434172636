"use client";

import { useState } from "react";
import { useHost } from "./use-host.ts";
import { useHosts } from "./use-hosts.ts";

/** The host that something new is for: the chosen one, at first that of the page, else the first; "" before they are read. */
export function useChosenHost() {
  const hosts = useHosts();
  const [scope] = useHost();
  const [chosen, choose] = useState(scope ?? "");
  return { hosts, host: hosts.includes(chosen) ? chosen : (hosts[0] ?? ""), choose };
}

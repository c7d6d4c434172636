import type { Host } from "../core/host.ts";
import type { Hosts } from "../core/hosts.ts";

/** Registers hooks on every host, also on those that are added later. Returns what undoes all of it. */
export function onEveryHost(hosts: Hosts, register: (host: Host) => (() => void)[]): () => void {
  const undo: (() => void)[] = [];
  for (const host of hosts.all()) undo.push(...register(host));
  undo.push(hosts.onAdded((host) => undo.push(...register(host))));
  return () => {
    for (const step of undo) step();
  };
}

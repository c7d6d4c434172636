import type { LookupAddress } from "node:dns";
import { Resolver as DnsResolver } from "node:dns/promises";
import { addressRecords, startNameServer } from "../../core/testing-name-server.ts";
import type { Resolver } from "./guard.ts";

/** A name server of its own, and who asks it. */
export interface Dns {
  readonly resolve: Resolver;
  /** Questions for a name's addresses so far, both families as one. */
  asked(name: string): number;
  close(): Promise<void>;
}

/** RFC 1035 4.1: answers with the addresses of a name, those of its first question first, the last ones for ever. */
export async function startDns(names: ReadonlyMap<string, readonly (readonly string[])[]>): Promise<Dns> {
  const asked = new Map<string, number>();
  const nameServer = await startNameServer((name, type) => {
    const turns = names.get(name);
    if (turns === undefined) return null;
    // Both families of one look-up are the same turn.
    const turn = turns[Math.min(Math.max(0, (asked.get(name) ?? 1) - 1), turns.length - 1)] ?? [];
    return addressRecords(turn, type, 0);
  });
  const resolver = new DnsResolver({ timeout: 2_000, tries: 1 });
  resolver.setServers([nameServer.server]);
  const look = async (hostname: string): Promise<LookupAddress[]> => {
    const name = rootless(hostname);
    asked.set(name, (asked.get(name) ?? 0) + 1);
    const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const all = [
      ...(four.status === "fulfilled" ? four.value.map((address) => ({ address, family: 4 })) : []),
      ...(six.status === "fulfilled" ? six.value.map((address) => ({ address, family: 6 })) : []),
    ];
    if (all.length === 0) throw Object.assign(new Error(`${name} is not known`), { code: "ENOTFOUND" });
    return all;
  };
  return {
    resolve: (name, callback) => {
      look(name).then(
        (addresses) => callback(null, addresses),
        (error: NodeJS.ErrnoException) => callback(error, []),
      );
    },
    asked: (name) => asked.get(rootless(name)) ?? 0,
    close: () => nameServer.close(),
  };
}

const rootless = (name: string): string => name.replace(/\.$/, "");

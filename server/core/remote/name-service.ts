import type { SrvRecord } from "node:dns";
import { lookup, Resolver } from "node:dns/promises";

/** Where names are looked up. Rejects with the errors of `node:dns`. */
export interface NameService {
  /** SRV records of a name such as `_xmpp-server._tcp.example.org`. */
  services(name: string): Promise<readonly SrvRecord[]>;
  /** Addresses of both families; `ttl` in seconds. */
  addresses(name: string): Promise<readonly { readonly address: string; readonly ttl: number }[]>;
}

const patience = { timeout: 3_000, tries: 2 } as const;
/** The system's look-up does not tell how long an answer is good for. */
const systemTtl = 60;

/** The system's resolver, its hosts file included; or these name servers, as `address` or `address:port`, and nothing else. */
export function nameService(servers: readonly string[]): NameService {
  const resolver = new Resolver(patience);
  if (servers.length > 0) resolver.setServers(servers);
  return {
    services: (name) => resolver.resolveSrv(name),
    addresses: servers.length > 0 ? (name) => bothFamilies(resolver, name) : systemAddresses,
  };
}

async function systemAddresses(name: string): Promise<{ address: string; ttl: number }[]> {
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => ({ address, ttl: systemTtl }));
}

async function bothFamilies(resolver: Resolver, name: string): Promise<{ address: string; ttl: number }[]> {
  const [six, four] = await Promise.allSettled([
    resolver.resolve6(name, { ttl: true }),
    resolver.resolve4(name, { ttl: true }),
  ]);
  if (six.status === "rejected" && four.status === "rejected") throw isNoRecord(six.reason) ? four.reason : six.reason;
  return [...(six.status === "fulfilled" ? six.value : []), ...(four.status === "fulfilled" ? four.value : [])];
}

/** The name servers say that there is nothing, as opposed to saying nothing. */
export function isNoRecord(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === "ENOTFOUND" || error.code === "ENODATA";
}

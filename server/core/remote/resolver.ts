import { randomInt } from "node:crypto";
import type { SrvRecord } from "node:dns";
import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import type { Clock } from "../clock.ts";
import { parseAddress, type Network } from "../network.ts";
import { reachOf } from "../public-address.ts";
import { LinkFault } from "./fault.ts";
import { isNoRecord, type NameService } from "./name-service.ts";
import { inSrvOrder } from "./srv-order.ts";

/** One way to a server. */
export interface Way {
  /** The name that the addresses are of, for the log. */
  readonly host: string;
  readonly port: number;
  /** The connection begins with TLS (XEP-0368). */
  readonly isDirectTls: boolean;
  /** In the order in which they are tried. */
  readonly addresses: readonly string[];
}

export interface ResolverOptions {
  readonly names: NameService;
  readonly clock: Clock;
  /** Private addresses that may be connected to although they are not public. */
  readonly privateNetworks: readonly Network[];
  readonly random?: () => number;
}

interface Remembered {
  readonly until: number;
  readonly answer: Promise<readonly Way[]>;
}

const defaultPort = 5269;
/** The answers of a name server that wants us busy are cut here. */
const maxTargets = 8;
const maxAddresses = 8;
const maxRemembered = 1_000;
/** Node does not tell how long SRV records are good for, so nothing is remembered longer than this. */
const maxAgeMs = 60_000;

interface Target {
  readonly host: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
  readonly isDirectTls: boolean;
}

/** Finds out how to reach the server of a domain (RFC 6120 3.2, XEP-0368). */
export class ServerResolver {
  readonly #names: NameService;
  readonly #clock: Clock;
  readonly #privateNetworks: readonly Network[];
  readonly #random: () => number;
  readonly #remembered = new Map<string, Remembered>();

  constructor({ names, clock, privateNetworks, random = fraction }: ResolverOptions) {
    this.#names = names;
    this.#clock = clock;
    this.#privateNetworks = privateNetworks;
    this.#random = random;
  }

  /** The ways to the server of a prepared domain, the best first, never none. Rejects with a LinkFault: not-found, dns-failed. */
  resolve(domain: string): Promise<readonly Way[]> {
    const now = this.#clock.now();
    const known = this.#remembered.get(domain);
    if (known !== undefined && known.until > now) return known.answer;
    let lifeMs = maxAgeMs;
    const answer = this.#find(domain, (ttlMs) => {
      lifeMs = Math.min(lifeMs, ttlMs);
    });
    this.#remember(domain, { until: now + maxAgeMs, answer });
    answer.then(
      () => this.#remember(domain, { until: now + lifeMs, answer }),
      () => this.#remembered.delete(domain),
    );
    return answer;
  }

  #remember(domain: string, entry: Remembered): void {
    this.#remembered.delete(domain);
    this.#remembered.set(domain, entry);
    if (this.#remembered.size <= maxRemembered) return;
    const [oldest] = this.#remembered.keys();
    this.#remembered.delete(oldest!);
  }

  async #find(domain: string, lives: (ttlMs: number) => void): Promise<readonly Way[]> {
    const literal = domain.replace(/^\[(.*)\]$/, "$1");
    if (isIP(literal) !== 0) return [this.#checked(domain, [literal], defaultPort, false)];
    const ascii = domainToASCII(domain);
    if (ascii === "") throw new LinkFault("not-found", `${domain} is no name of the DNS`);
    const targets = await this.#targets(ascii);
    const ways: Way[] = [];
    let fault: LinkFault | null = null;
    for (const { host, port, isDirectTls } of targets) {
      try {
        const found = await this.#names.addresses(host);
        if (found.length === 0) throw new LinkFault("not-found", `${host} has no address`);
        for (const { ttl } of found) lives(ttl * 1000);
        const ordered = inTurns(found.map(({ address }) => address)).slice(0, maxAddresses);
        ways.push(this.#checked(host, ordered, port, isDirectTls));
      } catch (error) {
        fault ??= error instanceof LinkFault ? error : faultOf(host, error);
      }
    }
    if (ways.length === 0) throw fault ?? new LinkFault("not-found", `${domain} has no server`);
    return ways;
  }

  /** Both services are one list (XEP-0368 3); without any record, the domain itself is the server. */
  async #targets(domain: string): Promise<readonly Target[]> {
    const [direct, plain] = await Promise.all([
      this.#records(`_xmpps-server._tcp.${domain}`),
      this.#records(`_xmpp-server._tcp.${domain}`),
    ]);
    if (direct.records === null && plain.records === null) {
      const failure = direct.failure ?? plain.failure;
      if (failure !== null) throw faultOf(domain, failure);
      return [{ host: domain, port: defaultPort, priority: 0, weight: 0, isDirectTls: false }];
    }
    const targets = [...targetsOf(direct.records, true), ...targetsOf(plain.records, false)];
    // RFC 2782: a lone "." says that the service is decidedly not there.
    if (targets.length === 0) throw new LinkFault("not-found", `${domain} takes no connections from servers`);
    return inSrvOrder(targets, this.#random).slice(0, maxTargets);
  }

  async #records(name: string): Promise<{ records: readonly SrvRecord[] | null; failure: unknown }> {
    try {
      const records = await this.#names.services(name);
      return { records: records.length === 0 ? null : records, failure: null };
    } catch (error) {
      return { records: null, failure: isNoRecord(error) ? null : error };
    }
  }

  /** A name must not lead to this machine and its networks (SSRF): its addresses are checked, and these very ones are used. */
  #checked(host: string, addresses: readonly string[], port: number, isDirectTls: boolean): Way {
    const allowed = addresses.filter((address) => this.#mayUse(address));
    if (allowed.length === 0) throw new LinkFault("not-found", `${host} has private addresses only`);
    return { host, port, isDirectTls, addresses: allowed };
  }

  #mayUse(text: string): boolean {
    const kind = reachOf(text)?.kind;
    if (kind !== "private") return kind === "public";
    const address = parseAddress(text);
    return address !== null && this.#privateNetworks.some((network) => network.has(address));
  }
}

/** From 0 up to, and without, 1. */
function fraction(): number {
  return randomInt(2 ** 32) / 2 ** 32;
}

function targetsOf(records: readonly SrvRecord[] | null, isDirectTls: boolean): Target[] {
  return (records ?? [])
    .map(({ name, port, priority, weight }) => ({ host: name.replace(/\.$/, ""), port, priority, weight, isDirectTls }))
    .filter(({ host, port }) => host !== "" && port > 0);
}

/** RFC 8305 4: the families take turns, IPv6 first. */
function inTurns(addresses: readonly string[]): string[] {
  const six = addresses.filter((address) => isIP(address) === 6);
  const four = addresses.filter((address) => isIP(address) === 4);
  const order: string[] = [];
  for (let index = 0; index < Math.max(six.length, four.length); index += 1)
    order.push(...six.slice(index, index + 1), ...four.slice(index, index + 1));
  return order;
}

function faultOf(name: string, error: unknown): LinkFault {
  if (isNoRecord(error)) return new LinkFault("not-found", `there is no ${name}`);
  const reason = error instanceof Error ? error.message : String(error);
  return new LinkFault("dns-failed", `${name} cannot be looked up: ${reason}`);
}

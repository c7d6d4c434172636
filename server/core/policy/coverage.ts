import { formatCondition } from "../../../lib/contracts/policy-text.ts";
import type { Condition, HostPolicy, Policy } from "../../../lib/contracts/policy.ts";
import { Network } from "../network.ts";
import { own } from "./engine.ts";

/** Comparisons before the answer is always no: a document of thousands of lines is checked while somebody types. */
const maxComparisons = 200_000;
/** ACLs inside ACLs that are followed; one that leads back to itself ends here. */
const maxDepth = 8;

/** Which conditions hold whenever others do, as one host sees them or, for null, as all do. Errs on the side of no. */
export class Coverage {
  readonly #document: Policy;
  readonly #host: HostPolicy | null;
  readonly #networks = new Map<string, Network | null>();
  #left = maxComparisons;

  constructor(document: Policy, host: HostPolicy | null) {
    this.#document = document;
    this.#host = host;
  }

  /** Does a line of the conditions `outer`, joined by AND, match whenever one of `inner` does? */
  line(outer: readonly Condition[], inner: readonly Condition[]): boolean {
    return outer.every((condition) => inner.some((one) => this.condition(condition, one)));
  }

  /** Does `outer` match whoever `inner` matches? */
  condition(outer: Condition, inner: Condition, depth = 0): boolean {
    this.#left -= 1;
    if (this.#left < 0 || depth > maxDepth) return false;
    if (isEverybody(outer)) return true;
    if (typeof outer === "string" || typeof inner === "string") return outer === inner;
    if (formatCondition(outer) === formatCondition(inner)) return true;
    if ("acl" in inner) {
      const conditions = this.acl(inner.acl);
      return conditions.length > 0 && conditions.every((one) => this.condition(outer, one, depth + 1));
    }
    if ("acl" in outer) return this.acl(outer.acl).some((one) => this.condition(one, inner, depth + 1));
    if ("ip" in outer && "ip" in inner) return this.#hasBlocks(blocksOf(outer), blocksOf(inner));
    const server = serverOf(inner);
    if ("server" in outer) return server?.toLowerCase() === outer.server.toLowerCase();
    // The ACL `local` of every installation: any user of a host served here.
    if ("user_regexp" in outer && outer.user_regexp === "")
      return server === null || (server !== undefined && Object.hasOwn(this.#document.hosts, server.toLowerCase()));
    return false;
  }

  /** The conditions of an ACL. None where a host gives the name another meaning than the others. */
  acl(name: string): readonly Condition[] {
    const global = own(this.#document.acl, name) ?? [];
    if (this.#host === null) {
      const isTold = Object.values(this.#document.hosts).some((host) => Object.hasOwn(host.acl, name));
      return isTold ? [] : global;
    }
    const local = own(this.#host.acl, name);
    if (local === undefined) return global;
    return local.inherit === "replace" ? local.any : [...global, ...local.any];
  }

  /** The blocks of addresses that a condition is about and nothing else; none when it is about something else, too. */
  blocks(condition: Condition, depth = 0): readonly Network[] {
    if (typeof condition === "string" || depth > maxDepth) return [];
    if ("ip" in condition) return blocksOf(condition).flatMap((block) => this.#network(block) ?? []);
    if (!("acl" in condition)) return [];
    return this.acl(condition.acl).flatMap((one) => this.blocks(one, depth + 1));
  }

  #hasBlocks(outer: readonly string[], inner: readonly string[]): boolean {
    return inner.every((block) => {
      const network = this.#network(block);
      return network !== null && outer.some((other) => this.#network(other)?.contains(network) === true);
    });
  }

  #network(block: string): Network | null {
    const known = this.#networks.get(block);
    if (known !== undefined) return known;
    const network = Network.parse(block.trim());
    this.#networks.set(block, network);
    return network;
  }
}

/** The condition `all`, under either of its names. */
export const isEverybody = (condition: Condition): boolean =>
  condition === "all" || (typeof condition === "object" && "acl" in condition && condition.acl === "all");

const blocksOf = ({ ip }: { ip: string | string[] }): string[] => (typeof ip === "string" ? [ip] : ip);

/** The server that a condition about a user names; null: any that is served here. undefined: it is about something else. */
function serverOf(condition: Exclude<Condition, string>): string | null | undefined {
  const [kind, value] = Object.entries(condition)[0] as [string, unknown];
  if (typeof value !== "string" || !["user", "user_regexp", "user_glob"].includes(kind)) return undefined;
  return value.split("@")[1] ?? null;
}

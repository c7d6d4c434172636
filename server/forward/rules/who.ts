import { Jid } from "../../xmpp/jid.ts";

/** Tells whether an ACL of the policy matches somebody. */
export type AclTest = (name: string, jid: Jid) => boolean;

/** Somebody as a rule names them, or the reason why that names nobody. */
export type Who =
  | { readonly kind: "bare"; readonly bare: string }
  | { readonly kind: "domain"; readonly domain: string }
  | { readonly kind: "users"; readonly domain: string }
  | { readonly kind: "acl"; readonly name: string }
  | { readonly kind: "unreadable"; readonly reason: string };

/** Reads a bare JID, a domain, `*@domain`, or `acl:` and a name. */
export function parseWho(text: string): Who {
  if (text.startsWith("acl:")) return { kind: "acl", name: text.slice("acl:".length) };
  const isAnybody = text.startsWith("*@");
  const jid = Jid.tryParse(isAnybody ? text.slice(2) : text);
  if (jid === undefined) return { kind: "unreadable", reason: "It is no JID, domain, *@domain or acl:name." };
  if (jid.resource !== "") return { kind: "unreadable", reason: "It is to be written without a resource." };
  if (!isAnybody) return jid.local === "" ? { kind: "domain", domain: jid.domain } : { kind: "bare", bare: jid.bare };
  if (jid.local === "") return { kind: "users", domain: jid.domain };
  return { kind: "unreadable", reason: "After *@ comes a domain." };
}

/** A list of a rule, ready to be asked; null when it is empty and lets everybody through. */
export class WhoList {
  readonly #bare = new Set<string>();
  readonly #domains = new Set<string>();
  readonly #users = new Set<string>();
  readonly #acls: string[] = [];
  readonly #matchesAcl: AclTest;

  private constructor(list: readonly string[], matchesAcl: AclTest) {
    this.#matchesAcl = matchesAcl;
    for (const text of list) {
      const who = parseWho(text);
      if (who.kind === "bare") this.#bare.add(who.bare);
      else if (who.kind === "domain") this.#domains.add(who.domain);
      else if (who.kind === "users") this.#users.add(who.domain);
      else if (who.kind === "acl") this.#acls.push(who.name);
    }
  }

  /** What cannot be read names nobody. */
  static of(list: readonly string[], matchesAcl: AclTest): WhoList | null {
    return list.length === 0 ? null : new WhoList(list, matchesAcl);
  }

  has(jid: Jid): boolean {
    if (this.#bare.has(jid.bare) || this.#domains.has(jid.domain)) return true;
    if (jid.local !== "" && this.#users.has(jid.domain)) return true;
    for (const name of this.#acls) if (this.#matchesAcl(name, jid)) return true;
    return false;
  }
}

import { z } from "zod";
import { NS_ARCHIVE } from "../../features/archive/query.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";

const maxAddresses = 200;
const maxLength = 16 * 1024;

export const ArchivePolicy = z.enum(["always", "never", "roster"]);
export type ArchivePolicy = z.infer<typeof ArchivePolicy>;

const Document = z.object({ default: ArchivePolicy, always: z.array(z.string()), never: z.array(z.string()) });

/** What a user wants archived (XEP-0441 2). */
export interface ArchivePreferences {
  readonly policy: ArchivePolicy;
  readonly always: ReadonlySet<string>;
  readonly never: ReadonlySet<string>;
}

/** What the store has, as this module wrote it. */
export function storedPreferences(document: string): ArchivePreferences {
  const stored = Document.parse(JSON.parse(document));
  return { policy: stored.default, always: new Set(stored.always), never: new Set(stored.never) };
}

export function preferencesDocument({ policy, always, never }: ArchivePreferences): string {
  return JSON.stringify({ default: policy, always: [...always], never: [...never] });
}

/** Reads `<prefs/>`, XEP-0441 2.1. Throws StanzaError: bad-request, jid-malformed, policy-violation. */
export function readPreferences(prefs: Element): ArchivePreferences {
  const policy = ArchivePolicy.safeParse(prefs.attr("default"));
  if (!policy.success) throw StanzaError.of("bad-request", "the default is one of always, never and roster");
  const wishes = { policy: policy.data, always: addresses(prefs, "always"), never: addresses(prefs, "never") };
  const isTooMuch =
    wishes.always.size + wishes.never.size > maxAddresses || preferencesDocument(wishes).length > maxLength;
  if (isTooMuch) throw StanzaError.of("policy-violation", `no more than ${maxAddresses} addresses`);
  return wishes;
}

export function preferencesElement({ policy, always, never }: ArchivePreferences): Element {
  const list = (name: string, jids: ReadonlySet<string>): Element =>
    el(name, NS_ARCHIVE, undefined, ...Array.from(jids, (jid) => el("jid", NS_ARCHIVE, undefined, jid)));
  return el("prefs", NS_ARCHIVE, { default: policy }, list("always", always), list("never", never));
}

/**
 * Whether messages from or to `peer` are archived (XEP-0441 2.3): what is said of its full address counts more than what is
 * said of the bare one, and "never" more than "always". null: it depends on whether it is a contact.
 */
export function isWished({ policy, always, never }: ArchivePreferences, peer: Jid): boolean | null {
  if (always.size > 0 || never.size > 0) {
    if (never.has(peer.full)) return false;
    if (always.has(peer.full)) return true;
    if (never.has(peer.bare)) return false;
    if (always.has(peer.bare)) return true;
  }
  return policy === "roster" ? null : policy === "always";
}

function addresses(prefs: Element, name: string): ReadonlySet<string> {
  const jids = prefs.child(name)?.elements("jid") ?? [];
  return new Set(
    jids.map(({ text }) => {
      const jid = Jid.tryParse(text.trim());
      if (jid === undefined) throw StanzaError.of("jid-malformed");
      return jid.full;
    }),
  );
}

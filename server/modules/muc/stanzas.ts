import { type Element, el } from "../../xmpp/element.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { NS_OCCUPANT_ID, NS_USER } from "./namespaces.ts";
import { type Occupant, shownPresence } from "./occupant.ts";
import type { Role, Standing } from "./standing.ts";

/** Why something happens to somebody, as others are told. */
export interface Cause {
  /** Nickname of whoever does it. */
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
}

/** `<item/>` of `muc#user` or `muc#admin`. */
export function itemElement(
  item: {
    readonly affiliation: Standing;
    readonly role?: Role | "none";
    readonly jid?: string | undefined;
    readonly nick?: string | undefined;
  } & Cause,
  ns: string = NS_USER,
): Element {
  const { affiliation, role, jid, nick, actor, reason } = item;
  return el(
    "item",
    ns,
    { affiliation, role, jid, nick },
    actor === undefined ? undefined : el("actor", ns, { nick: actor }),
    reason === undefined ? undefined : el("reason", ns, undefined, reason),
  );
}

/** Told to an occupant about itself only, after the item; other codes come before it, as old clients are used to. */
const selfOnly: ReadonlySet<number> = new Set([110, 170]);

/** `<x/>` of `muc#user` with an item, status codes, and what else belongs there. */
export function userElement(
  item: Element | undefined,
  codes: readonly number[] = [],
  ...more: readonly (Element | undefined)[]
): Element {
  const status = (code: number): Element => el("status", NS_USER, { code: String(code) });
  const sorted = codes.toSorted((a, b) => a - b);
  const [first, last] = [sorted.filter((code) => !selfOnly.has(code)), sorted.filter((code) => selfOnly.has(code))];
  return el("x", NS_USER, undefined, ...more, ...first.map(status), item, ...last.map(status));
}

/** Available presence of an occupant, without `to`. */
export function presenceStanza(
  occupant: Occupant,
  showsJid: boolean,
  codes: readonly number[] = [],
  cause: Cause = {},
): Stanza {
  const jid = showsJid ? occupant.seats.at(-1)!.jid.full : undefined;
  const item = itemElement({ affiliation: occupant.standing, role: occupant.role, jid, ...cause });
  return shownPresence(occupant)
    .with({ from: occupant.jid.full })
    .appendWritten("occupant-id", NS_OCCUPANT_ID, occupant.mark)
    .append(userElement(item, codes));
}

/** {@link presenceStanza} for those who enter: made once, however many they are, until it changes. */
export function rememberedPresence(occupant: Occupant, showsJid: boolean): Stanza {
  const { jid, standing, role, shown } = occupant;
  const seat = occupant.seats.at(-1)!;
  const { presence } = seat;
  const before = showsJid ? shown.open : shown.hidden;
  const isSame =
    before?.seat === seat &&
    before.presence === presence &&
    before.jid === jid &&
    before.standing === standing &&
    before.role === role;
  if (isSame) return before.stanza;
  const stanza = presenceStanza(occupant, showsJid);
  const made = { stanza, seat, presence, jid, standing, role };
  occupant.shown = showsJid ? { ...shown, open: made } : { ...shown, hidden: made };
  return stanza;
}

/** How an occupant, or one of its resources, leaves. */
export interface Leaving extends Cause {
  readonly codes?: readonly number[];
  /** The new nickname, where only that changes. */
  readonly nick?: string;
  /** Sent by the leaving resource: its status text and the like. */
  readonly presence?: Stanza | undefined;
  /** Where to go instead (XEP-0045 10.9). */
  readonly destroyed?: Element | undefined;
}

export function unavailableStanza(
  occupant: Pick<Occupant, "jid" | "mark" | "standing" | "role">,
  jid: string | undefined,
  { codes, actor, reason, nick, presence, destroyed }: Leaving,
  ownCodes: readonly number[] = [],
): Stanza {
  const { standing: affiliation, role } = occupant;
  const item = itemElement({ affiliation, role: nick === undefined ? "none" : role, jid, nick, actor, reason });
  const base = presence ?? Stanza.from(el("presence", NS.client));
  const stanza = base.with({ from: occupant.jid.full, type: "unavailable" });
  const marked = occupant.mark === "" ? stanza : stanza.appendWritten("occupant-id", NS_OCCUPANT_ID, occupant.mark);
  return marked.append(userElement(item, [...ownCodes, ...(codes ?? [])], destroyed));
}

/** A message of the room itself that is about the room: of type groupchat, with status codes (XEP-0045 10.2.1). */
export function statusMessage(room: string, codes: readonly number[]): Stanza {
  return Stanza.from(el("message", NS.client, { from: room, type: "groupchat" }, userElement(undefined, codes)));
}

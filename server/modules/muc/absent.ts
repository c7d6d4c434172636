import { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import type { Conference } from "./conference.ts";
import { absentPolicy } from "./config.ts";
import { NS_REFERENCE } from "./namespaces.ts";
import type { Occupant } from "./occupant.ts";
import type { Room } from "./room.ts";
import { isAtLeast } from "./standing.ts";

/** Shorter names would be found in too many words. */
const minName = 2;
const WORD = /[\p{L}\p{N}\p{M}_]/u;
/** Names are looked for in so much of a text. */
const maxBody = 4096;
/** Where more are not there, the room's policy counts for all. */
const maxAsked = 1000;

/**
 * Tells the hosts of members, admins and owners who are not there what was said, as they have chosen or, without that, as the
 * room's policy for absent members asks; what becomes of it is up to their rules. Somebody whose clients have all lost their
 * connection is not there. A room that tells nobody anything asks nobody.
 */
export function tellAbsent(conference: Conference, room: Room, stanza: Stanza, speaker: Occupant, at: number): void {
  const policy = absentPolicy(room.config);
  if (policy === "none" || room.affiliations.size < 2 || !stanza.has("body")) return;
  const { core, wishes } = conference;
  const { hosts, sessions } = core;
  const present = new Set<string>();
  for (const { jid } of room.seats.values()) {
    const session = sessions.find(jid);
    if (session === undefined || session.detachedAt === null) present.add(jid.bare);
  }
  const isMentioned = mentions(stanza, room);
  const from = speaker.jid;
  const absent: { user: Jid; isMentioned: boolean }[] = [];
  for (const { jid, affiliation, nick } of room.affiliations.values()) {
    if (!isAtLeast(affiliation, "member") || present.has(jid) || jid === speaker.user.bare) continue;
    const user = Jid.parse(jid);
    if (user.local === "" || hosts.get(user.domain) === undefined) continue;
    absent.push({ user, isMentioned: isMentioned(user, nick) });
  }
  const tell = (): void => {
    const told = absent.filter((one) => {
      const wish = (absent.length > maxAsked ? null : wishes.of(one.user, room.jid)) ?? policy;
      return wish === "all" || (wish === "mentions" && one.isMentioned);
    });
    for (const [host, recipients] of Map.groupBy(told, ({ user }) => user.domain))
      void hosts.get(host)?.hooks.fire("groupchat/absent", { stanza, from, at, recipients });
  };
  const unknown = absent.filter(({ user }) => wishes.of(user, room.jid) === undefined);
  const asked = absent.length > maxAsked ? [] : unknown.flatMap(({ user }) => wishes.lookUp(user, room.jid) ?? []);
  if (asked.length === 0 && room.telling === null) {
    tell();
    return;
  }
  // Nobody hears of a later message before an earlier one.
  const telling: Promise<void> = Promise.allSettled([room.telling, ...asked])
    .then(tell)
    .finally(() => {
      if (room.telling === telling) room.telling = null;
    });
  room.telling = telling;
}

/** Whom a message names: by a reference (XEP-0372 3.2), by their nickname or the local part of their address. */
function mentions(stanza: Stanza, { jid: room }: Room): (user: Jid, nick: string | null) => boolean {
  const body = (stanza.childText("body") ?? "").slice(0, maxBody).normalize("NFKC").toLowerCase();
  const users = new Set<string>();
  const nicks = new Set<string>();
  if (stanza.has("reference", NS_REFERENCE)) {
    for (const reference of stanza.element.elements("reference", NS_REFERENCE)) {
      if (reference.attr("type") !== "mention") continue;
      const jid = referenced(reference.attr("uri"));
      if (jid?.bare === room.bare) nicks.add(jid.resource);
      else if (jid !== undefined) users.add(jid.bare);
    }
  }
  return (user, nick) =>
    users.has(user.bare) || (nick !== null && (nicks.has(nick) || names(body, nick))) || names(body, user.local);
}

function referenced(uri: string | undefined): Jid | undefined {
  if (uri === undefined || !uri.startsWith("xmpp:")) return undefined;
  try {
    return Jid.tryParse(decodeURIComponent(uri.slice("xmpp:".length).split(/[?#]/, 1)[0]!));
  } catch {
    // Not percent-encoded as RFC 5122 2.2 asks for.
    return undefined;
  }
}

/** Does the name stand in the text as a word of its own? */
function names(body: string, name: string): boolean {
  const word = name.normalize("NFKC").toLowerCase();
  if (word.length < minName) return false;
  for (let at = body.indexOf(word); at >= 0; at = body.indexOf(word, at + 1)) {
    if (!isInWord(body, at - 1) && !isInWord(body, at + word.length)) return true;
  }
  return false;
}

/** Is the character that this code unit belongs to part of a word? */
function isInWord(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  const isLow = unit >= 0xdc00 && unit <= 0xdfff;
  const point = text.codePointAt(isLow ? at - 1 : at);
  return at >= 0 && point !== undefined && WORD.test(String.fromCodePoint(point));
}

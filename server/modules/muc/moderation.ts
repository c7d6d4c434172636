import type { IqAnswer } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { formatStanzaId, parseStanzaId, withStanzaId } from "../../core/stanza-id.ts";
import type { MessageKey } from "../../storage/ports.ts";
import { formatDateTime } from "../../xmpp/datetime.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { toAll } from "./broadcast.ts";
import type { Conference } from "./conference.ts";
import { NS_MODERATE, NS_OCCUPANT_ID, NS_RETRACT } from "./namespaces.ts";
import { occupantId } from "./occupant.ts";
import type { Room } from "./room.ts";
import { isAtLeast } from "./standing.ts";

/** A moderator takes back what somebody said (XEP-0425 3): all are told, and a tombstone takes its place. */
export async function moderate(
  conference: Conference,
  room: Room,
  request: Element,
  packet: Packet,
): Promise<IqAnswer> {
  const { from, origin } = packet;
  const moderator = room.seat(from)?.occupant;
  if (moderator?.role !== "moderator" && !isAtLeast(conference.standing(room, from), "admin"))
    throw StanzaError.of("forbidden", "only moderators do that");
  if (request.child("retract", NS_RETRACT) === undefined)
    throw StanzaError.of("feature-not-implemented", "messages are only retracted");
  const reason = request.childText("reason");
  if (Buffer.byteLength(reason ?? "") > conference.options.max_text)
    throw StanzaError.of("not-acceptable", "the reason is too long");
  const key = parseStanzaId(request.attr("id") ?? "");
  const said = key === undefined ? undefined : await find(conference, room, key);
  if (key === undefined || said === undefined) throw StanzaError.of("item-not-found", "there is no such message");

  const now = conference.core.clock.now();
  const by = (moderator?.jid ?? room.jid).full;
  const moderated = el(
    "moderated",
    NS_MODERATE,
    { by },
    el("occupant-id", NS_OCCUPANT_ID, { id: moderator?.id ?? occupantId(room.secret, from) }),
  );
  const because = reason === undefined ? undefined : el("reason", NS_RETRACT, undefined, reason);
  const tombstone = tombstoneOf(said, el("retracted", NS_RETRACT, { stamp: formatDateTime(now) }, moderated, because));
  const { domain: host, local, bare } = room.jid;
  room.history.replace(key, (one) => ({ ...one, stanza: withStanzaId(tombstone, bare, key) }));
  const rewritten = conference.core.stores.archive.rewrite(host, local, key, tombstone.toString());

  const heard = Stanza.from(
    el(
      "message",
      NS.client,
      { from: bare, type: "groupchat", id: formatStanzaId(conference.core.messageKeys.next(now)) },
      el("retract", NS_RETRACT, { id: formatStanzaId(key) }, moderated, because),
    ),
  );
  const own = conference.core.messageKeys.next(now);
  toAll(conference, room, withStanzaId(heard, bare, own), room.jid);
  if (room.config.isArchived) conference.archive.keep(room, own, heard, moderator?.jid ?? room.jid, origin);
  await rewritten;
  return null;
}

async function find(conference: Conference, room: Room, key: MessageKey): Promise<Stanza | undefined> {
  const recent = room.history.find(key);
  if (recent !== undefined) return recent.stanza;
  conference.archive.flush();
  const { domain: host, local } = room.jid;
  const page = await conference.core.stores.archive.query({
    host,
    local,
    keys: [key],
    from: "start",
    limit: 1,
    maxBytes: 1,
  });
  const [item] = page?.items ?? [];
  return item === undefined ? undefined : Stanza.parse(item.xml);
}

/** XEP-0425 4: whose message it was, and that it is no more. */
function tombstoneOf(said: Stanza, retracted: Element): Stanza {
  const mark = said.child("occupant-id", NS_OCCUPANT_ID);
  const { from, id } = said;
  return Stanza.from(el("message", NS.client, { from, type: "groupchat", id }, mark, retracted));
}

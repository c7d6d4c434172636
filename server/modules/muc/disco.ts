import type { IqAnswer } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { NS_ARCHIVE, NS_FULL_TEXT } from "../../features/archive/query.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { buildForm } from "../../xmpp/forms.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { pageElement, parsePageWish } from "../../xmpp/rsm.ts";
import type { Conference } from "./conference.ts";
import {
  NS_INFO,
  NS_MODERATE,
  NS_MUC,
  NS_OCCUPANT_ID,
  NS_RETRACT,
  NS_SELF_PING,
  NS_REQUEST,
  NS_VCARD,
} from "./namespaces.ts";
import type { Room } from "./room.ts";

const maxRooms = 500;

/** Features that all rooms of the service have. */
const always = [
  NS_MUC,
  NS_OCCUPANT_ID,
  NS_SELF_PING,
  NS_REQUEST,
  NS_VCARD,
  NS_MODERATE,
  NS_RETRACT,
  `${NS_MUC}#stable_id`,
  NS.discoInfo,
  NS.discoItems,
  NS.ping,
  NS.register,
  NS.stanzaId,
];

/** What a room is, XEP-0045 6.4; with the node of 7.12, the nickname that whoever asks has registered. */
export function roomInfo(room: Room, node: string | undefined, { from }: Packet): IqAnswer {
  if (node === "x-roomuser-item") {
    const nick = room.affiliations.get(from.bare)?.nick ?? null;
    const identity =
      nick === null ? undefined : el("identity", NS.discoInfo, { category: "conference", type: "text", name: nick });
    return el("query", NS.discoInfo, { node }, identity);
  }
  if (node !== undefined) throw StanzaError.of("item-not-found");
  const { config, jid } = room;
  const features = [
    ...always,
    config.isPublic ? "muc_public" : "muc_hidden",
    config.isMembersOnly ? "muc_membersonly" : "muc_open",
    config.isModerated ? "muc_moderated" : "muc_unmoderated",
    config.whois === "anyone" ? "muc_nonanonymous" : "muc_semianonymous",
    config.password === null ? "muc_unsecured" : "muc_passwordprotected",
    config.isPersistent ? "muc_persistent" : "muc_temporary",
    ...(config.isArchived ? [NS_ARCHIVE, `${NS_ARCHIVE}#extended`, NS_FULL_TEXT] : []),
  ];
  return el(
    "query",
    NS.discoInfo,
    undefined,
    el("identity", NS.discoInfo, { category: "conference", type: "text", name: config.name || jid.local }),
    ...features.toSorted().map((feature) => el("feature", NS.discoInfo, { var: feature })),
    infoForm(room),
  );
}

/** XEP-0045 6.4, 16.5.4; XEP-0486 3.3. */
function infoForm({ config, occupants, subject, avatarHash }: Room): Element {
  const text = (name: string, value: string, label: string) =>
    ({ var: `muc#roominfo_${name}`, type: "text-single", label, values: [value] }) as const;
  return buildForm(
    "result",
    [
      text("description", config.description, "Description"),
      text("lang", config.language, "Language"),
      text("occupants", String(occupants.size), "Occupants"),
      text("subject", subject?.stanza.childText("subject") ?? "", "Subject"),
      {
        var: "muc#roominfo_subjectmod",
        type: "boolean",
        label: "Participants may change the subject",
        values: [config.mayParticipantsChangeSubject ? "1" : "0"],
      },
      { var: "muc#roomconfig_roomname", type: "text-single", label: "Name", values: [config.name] },
      {
        var: "muc#maxhistoryfetch",
        type: "text-single",
        label: "Messages sent to whoever enters",
        values: [String(config.historyLength)],
      },
      ...(avatarHash === null ? [] : [{ ...text("avatarhash", avatarHash, "Avatar"), type: "text-multi" } as const]),
    ],
    { formType: NS_INFO },
  );
}

/** Who is in a room, XEP-0045 6.5: for those in it, and for everybody where everybody may enter. */
export function roomItems(room: Room, node: string | undefined, { from }: Packet): IqAnswer {
  if (node !== undefined) throw StanzaError.of("item-not-found");
  const { isPublic, isMembersOnly, password } = room.config;
  const isOpen = isPublic && !isMembersOnly && password === null && room.standing(from) !== "outcast";
  const viewer = room.seat(from)?.occupant;
  if (viewer === undefined && !isOpen) return el("query", NS.discoItems);
  const shown = [...room.occupants.values()].filter((one) => one === viewer || room.isVisible(one));
  return el("query", NS.discoItems, undefined, ...shown.map(({ jid }) => el("item", NS.discoItems, { jid: jid.full })));
}

/** The rooms that everybody may find, XEP-0045 6.3, page by page (XEP-0059). */
export async function serviceItems(conference: Conference, query: Element): Promise<IqAnswer> {
  if (query.attr("node") !== undefined) throw StanzaError.of("item-not-found");
  const set = query.child("set", NS.rsm);
  const wish = parsePageWish(set);
  if (wish === undefined) throw StanzaError.of("bad-request", "not a number of rooms");
  if (wish.before !== undefined || wish.index !== undefined)
    throw StanzaError.of("feature-not-implemented", "pages begin after a room");
  const { rooms } = conference.core.stores;
  const limit = Math.min(wish.max ?? maxRooms, maxRooms);
  const host = conference.name;
  const count = limit === 0 || set !== undefined ? await rooms.count(host) : null;
  if (limit === 0) {
    return el("query", NS.discoItems, undefined, pageElement({ first: undefined, last: undefined, count }));
  }
  const { items, nextCursor } = await rooms.list({ host, isPublic: true, after: wish.after, limit });
  const page = { first: items[0]?.local, last: items.at(-1)?.local, count };
  return el(
    "query",
    NS.discoItems,
    undefined,
    ...items.map(({ local, name }) => el("item", NS.discoItems, { jid: `${local}@${host}`, name: name || local })),
    set === undefined && nextCursor === null ? undefined : pageElement(page),
  );
}

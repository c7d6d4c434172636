import { defineModule, type IqAnswer } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { NS_ARCHIVE, queryForm } from "../../features/archive/query.ts";
import { roomServicesOf } from "../../features/room-services.ts";
import type { Element } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { accountNewsOf } from "./account-news.ts";
import { changeLists, readList } from "./admin.ts";
import { administration } from "./administration.ts";
import { RoomArchive } from "./archive.ts";
import { readCard, writeCard } from "./avatar.ts";
import { Conference, idleMs } from "./conference.ts";
import { roomInfo, roomItems, serviceItems } from "./disco.ts";
import { closeRooms, forgetUser, isPresent, loseUsers } from "./endings.ts";
import { messageHandler } from "./messages.ts";
import { moderate } from "./moderation.ts";
import { NS_ADMIN, NS_MODERATE, NS_MUC, NS_OCCUPANT_ID, NS_OWNER, NS_VCARD } from "./namespaces.ts";
import { RoomOptions } from "./options.ts";
import { ownerSet, readConfig } from "./owner.ts";
import { presenceHandler } from "./presence.ts";
import { archiveBounds, checkMayRead, queryRoom } from "./query.ts";
import { refusal } from "./refusal.ts";
import { readRegistration, register } from "./registration.ts";
import { relayIq } from "./relay.ts";
import type { Room } from "./room.ts";

const hourMs = 60 * 60 * 1000;
const perStep = 500;

type RoomIq = (room: Room, payload: Element, packet: Packet) => IqAnswer | Promise<IqAnswer>;

export const muc = defineModule({
  name: "muc",
  summary: "Rooms in which many people talk with each other.",
  accessRules: ["muc_create", "muc_admin"],
  xeps: [
    { number: 45, version: "1.35.5" },
    { number: 249, version: "1.2", note: "Invitations by way of a room carry one." },
    { number: 313, version: "1.1.3", note: "Archives of rooms." },
    { number: 359, version: "0.7.0" },
    { number: 372, version: "0.5.0", status: "partial", note: "Mentions of members who are not there." },
    { number: 410, version: "1.1.0" },
    { number: 421, version: "1.0.1" },
    { number: 424, version: "0.4.2", note: "Passed on and archived." },
    { number: 425, version: "0.3.0" },
    { number: 486, version: "0.1.0" },
    { number: 492, version: "0.2.0", status: "partial", note: "Decides what members who are not there are told of." },
  ],
  requires: ["presence", "message"],
  options: RoomOptions,
  async start(ctx) {
    const { core, host, options, log } = ctx;
    const served = ctx.service(options.host, options.name);
    if (served === null) return;
    const { service, ...serve } = served;
    const archive = new RoomArchive(core, log);
    const conference = new Conference({ core, host, name: service.name, options, archive, log });
    core.messageKeys.startAfter(await core.stores.archive.lastId());
    // Those of a server that was killed: nobody is in them any more.
    while ((await core.stores.rooms.removeTemporary(service.name, perStep)) === perStep);

    ctx.onStop(roomServicesOf(core).add(administration(conference)));
    serve.identity({ category: "conference", type: "text", name: options.name });
    for (const feature of [NS_MUC, NS_OCCUPANT_ID, NS_VCARD, NS.rsm]) serve.feature(feature);
    serve.iq("host", "get", [NS.discoItems, "query"], (iq) => serviceItems(conference, iq.payload!));

    const searching = new Set<string>();
    /** An iq for a room that has to be there. */
    const roomIq = (type: "get" | "set", payload: readonly [string, string], handler: RoomIq): void => {
      serve.iq("account", type, payload, (iq, packet) =>
        conference.withRoom(packet.to.local, (room) => {
          const isHidden = room?.isLocked === true && conference.standing(room, packet.from) !== "owner";
          if (room === null || isHidden) throw StanzaError.of("item-not-found", "there is no such room");
          return handler(room, iq.payload!, packet);
        }),
      );
    };
    roomIq("get", [NS.discoInfo, "query"], (room, query, packet) => roomInfo(room, query.attr("node"), packet));
    roomIq("get", [NS.discoItems, "query"], (room, query, packet) => roomItems(room, query.attr("node"), packet));
    roomIq("get", [NS.ping, "ping"], () => null);
    roomIq("get", [NS_ADMIN, "query"], (room, query, packet) => readList(conference, room, query, packet));
    roomIq("set", [NS_ADMIN, "query"], (room, query, packet) => changeLists(conference, room, query, packet));
    roomIq("get", [NS_OWNER, "query"], (room, _, packet) => readConfig(conference, room, packet));
    roomIq("set", [NS_OWNER, "query"], (room, query, packet) => ownerSet(conference, room, query, packet));
    roomIq("get", [NS.register, "query"], (room, _, packet) => readRegistration(room, packet));
    roomIq("set", [NS.register, "query"], (room, query, packet) => register(conference, room, query, packet));
    roomIq("get", [NS_VCARD, "vCard"], (room) => readCard(conference, room));
    roomIq("set", [NS_VCARD, "vCard"], (room, card, packet) => writeCard(conference, room, card, packet));
    roomIq("set", [NS_MODERATE, "moderate"], (room, request, packet) => moderate(conference, room, request, packet));
    roomIq("get", [NS_ARCHIVE, "query"], (room, _, { from }) => {
      checkMayRead(conference, room, from);
      return queryForm();
    });
    roomIq("set", [NS_ARCHIVE, "query"], (room, query, packet) =>
      queryRoom(conference, room, query, packet, searching),
    );
    roomIq("get", [NS_ARCHIVE, "metadata"], (room, _, packet) => archiveBounds(conference, room, packet));

    serve.hook("stanza/service", (packet) => {
      const { stanza, to } = packet;
      if (stanza.kind !== "iq" || to.local === "" || to.resource === "") return undefined;
      return conference.withRoom(to.local, (room) => {
        try {
          relayIq(conference, room, packet);
        } catch (error) {
          if (!(error instanceof StanzaError)) throw error;
          packet.origin.answer(refusal(packet, error));
        }
        return "handled" as const;
      });
    });
    const onMessage = messageHandler(conference);
    serve.hook("message/bare", onMessage);
    serve.hook("message/full", onMessage);
    const onPresence = presenceHandler(conference);
    serve.hook("presence/full", onPresence);
    serve.hook("presence/bare", onPresence);

    ctx.hook("remote/broken", ({ local, remote }) =>
      local === service.name && isPresent(conference, remote) ? true : undefined,
    );
    ctx.hook("remote/gone", ({ local, remote }) =>
      local === service.name ? loseUsers(conference, remote) : undefined,
    );
    ctx.onStop(accountNewsOf(core).add({ removed: (user) => forgetUser(conference, user) }));
    ctx.every(idleMs, () => conference.sweep());
    const limits = { keepDays: options.keep_days, maxMessages: options.max_messages };
    ctx.every(hourMs, () => archive.prune(service.name, limits, ctx.signal));
    ctx.onStop(archive.flush);
    ctx.onStop(() => closeRooms(conference));
  },
});

import { setTimeout as pause } from "node:timers/promises";
import type { Packet } from "../../core/router.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { parseForm } from "../../xmpp/forms.ts";
import { NS } from "../../xmpp/namespaces.ts";
import type { Conference } from "./conference.ts";
import { weightOf } from "./fan-out.ts";
import { say } from "./groupchat.ts";
import { decline, invite } from "./invite.ts";
import { NS_REGISTER, NS_REQUEST, NS_USER } from "./namespaces.ts";
import { messageCameBack, sayPrivately } from "./private.ts";
import { refusal } from "./refusal.ts";
import { registrationForm } from "./registration.ts";
import type { Room } from "./room.ts";
import { voiceForm } from "./voice.ts";

type Handled = "handled" | Promise<"handled">;

/** Messages for rooms (`room@service`) and their occupants (`room@service/nick`). */
export function messageHandler(conference: Conference): (packet: Packet) => Handled {
  const failed = (packet: Packet, error: unknown): "handled" => {
    if (!(error instanceof StanzaError)) throw error;
    packet.origin.answer(refusal(packet, error));
    return "handled";
  };
  const handle = (packet: Packet, room: Room | null): Handled => {
    try {
      const pending = dealWith(conference, room, packet);
      if (pending === undefined) return "handled";
      return pending.then(
        () => "handled",
        (error: unknown) => failed(packet, error),
      );
    } catch (error) {
      return failed(packet, error);
    }
  };
  // A large room takes no more than it can pass on, and nobody speaks faster than is allowed: their client waits.
  const take = (packet: Packet, hasWaited: boolean): Handled =>
    conference.withRoom(packet.to.local, (room) => {
      const busy = room?.fanOut.catchingUp ?? null;
      if (busy !== null) return busy.then(() => take(packet, hasWaited));
      const wait = hasWaited ? 0 : waitOf(conference, room, packet);
      return wait === 0 ? handle(packet, room) : pause(wait).then(() => take(packet, true));
    });
  return (packet) => take(packet, false);
}

function waitOf({ core }: Conference, room: Room | null, { stanza, from, to }: Packet): number {
  const isSaid = stanza.type === "groupchat" || (to.resource !== "" && stanza.type !== "error");
  if (room === null || !isSaid || !room.seats.has(from.full)) return 0;
  return room.rate.reserve(from.bare, core.clock.now(), weightOf(stanza.toString().length));
}

function dealWith(conference: Conference, room: Room | null, packet: Packet): void | Promise<void> {
  const { stanza, to } = packet;
  if (stanza.type === "error") {
    if (room !== null) messageCameBack(conference, room, packet);
    return undefined;
  }
  if (room === null) throw StanzaError.of("item-not-found", "there is no such room");
  if (to.resource !== "") return sayPrivately(conference, room, packet);
  if (stanza.type === "groupchat") return say(conference, room, packet);
  return mediate(conference, room, packet);
}

/** What the room passes on, or decides: invitations, declines, and forms that are filled in. */
function mediate(conference: Conference, room: Room, packet: Packet): void | Promise<void> {
  const { stanza } = packet;
  const x = stanza.child("x", NS_USER);
  if (x?.child("invite") !== undefined) return invite(conference, room, packet, x);
  const declining = x?.child("decline");
  if (declining !== undefined) return decline(conference, room, packet, declining);
  const element = stanza.child("x", NS.forms);
  const form = element === undefined ? undefined : parseForm(element);
  // Whoever is asked for something and does not want to decide (XEP-0004 3.1).
  if (form?.type === "cancel") return undefined;
  if (form?.type === "submit" && form.formType === NS_REQUEST) return voiceForm(conference, room, packet, form);
  if (form?.type === "submit" && form.formType === NS_REGISTER) return registrationForm(conference, room, packet, form);
  throw StanzaError.of("bad-request", "messages to a room are of type groupchat");
}

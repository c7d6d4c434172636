import type { DeviceRow } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";
import type { Payload } from "../plan/payload.ts";
import type { Outgoing } from "../transport.ts";
import type { PushMessage } from "./message.ts";

/** A chat message from Romeo to Juliet, but for what a test says otherwise. */
export function samplePush(more: Partial<PushMessage> = {}): PushMessage {
  const user = Jid.of("juliet", "example.org");
  return {
    id: "evt_1",
    class: "chat",
    from: Jid.of("romeo", "example.org", "orchard"),
    to: user,
    user,
    host: "example.org",
    at: 0,
    room: null,
    sender: "romeo",
    text: "It is the east & Juliet = the sun ☀",
    isEncrypted: false,
    stanzaId: "s1",
    messageId: "m1",
    thread: null,
    call: null,
    ...more,
  };
}

/** A device that nothing has been sent to. */
export function sampleDevice(more: Partial<DeviceRow> & Pick<DeviceRow, "kind" | "token">): DeviceRow {
  return {
    id: "d1",
    host: "example.org",
    user: "juliet@example.org",
    target: "push",
    settings: {},
    name: null,
    appVersion: null,
    resource: null,
    node: null,
    secretHash: null,
    via: "api",
    registeredAt: 0,
    updatedAt: 0,
    isEnabled: true,
    disabled: null,
    lastAcceptedAt: null,
    lastError: null,
    failures: 0,
    failingSince: null,
    ...more,
  };
}

/** The payload as the store keeps it, with `unread` messages where it has a place for their number. */
export function counted({ text, unreadAt }: Payload, unread: number): string {
  return unreadAt === undefined ? text : `${text.slice(0, unreadAt)}${unread}${text.slice(unreadAt)}`;
}

/** An event for a device, made at `now` and worth sending for an hour. */
export function sampleEvent(
  payload: string,
  device: DeviceRow | null,
  now: number,
  more: Partial<Outgoing> = {},
): Outgoing {
  return {
    id: "evt_1_d1",
    contentType: "application/json",
    payload,
    dueAt: now,
    expiresAt: now + 3_600_000,
    user: "juliet@example.org",
    class: "chat",
    device,
    ...more,
  };
}

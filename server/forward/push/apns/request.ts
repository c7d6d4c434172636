import { createHash } from "node:crypto";
import { sensitiveHeaders, type OutgoingHttpHeaders } from "node:http2";
import type { ApnsTarget } from "../../../../lib/contracts/forward-target.ts";
import type { Outgoing } from "../../transport.ts";
import { mask } from "../http-record.ts";
import { conversationOf, isBackground } from "./payload.ts";

const shownTokenLength = 8;

/** Which of a device's tokens a push goes to, where, and with which bytes. */
export interface Route {
  readonly environment: "production" | "sandbox";
  readonly deviceToken: string;
  /** To the token for calls, which wakes the app at once (PushKit). */
  readonly isVoip: boolean;
  readonly payload: string;
}

/** A request as it is sent and as it is written down: nothing in the log lets a reader push to the device. */
export interface Request {
  readonly headers: OutgoingHttpHeaders;
  readonly shown: readonly (readonly [string, string])[];
}

/** The header fields of Apple's "Sending notification requests to APNs". */
export function requestOf(
  event: Outgoing,
  { deviceToken, isVoip, payload }: Route,
  { topic, content }: Pick<ApnsTarget, "topic" | "content">,
  providerToken: string,
): Request {
  const isSilent = !isVoip && isBackground(payload);
  const fields: [string, string][] = [
    ["apns-topic", isVoip ? `${topic}.voip` : topic],
    ["apns-push-type", isVoip ? "voip" : isSilent ? "background" : "alert"],
    // Anything but 5 is an error for a push that shows nothing.
    ["apns-priority", isSilent ? "5" : "10"],
    // A phone that is off must not ring for a call of long ago: 0 is one try, now.
    ["apns-expiration", isVoip ? "0" : String(Math.floor(event.expiresAt / 1000))],
    ["apns-id", notificationId(event.id)],
  ];
  const collapseId = isVoip ? null : collapseIdOf(event, payload, content);
  if (collapseId !== null) fields.push(["apns-collapse-id", collapseId]);
  return {
    headers: {
      ":method": "POST",
      ":path": `/3/device/${encodeURIComponent(deviceToken)}`,
      authorization: `bearer ${providerToken}`,
      ...Object.fromEntries(fields),
      // They are never the same again: there is no use in remembering them for compression (RFC 7541 7.1.3).
      [sensitiveHeaders]: [":path", "apns-id"],
    },
    shown: [["authorization", `bearer ${mask}`], ...fields],
  };
}

/** Enough of a device token to recognise it. */
export function shownToken(deviceToken: string): string {
  return `${deviceToken.slice(0, shownTokenLength)}…`;
}

/** `apns-id`: a UUID that is the same on every attempt (RFC 9562 5.8, version 8, of the SHA-256 of the event's id). */
export function notificationId(eventId: string): string {
  const bytes = createHash("sha256").update(eventId).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * `apns-collapse-id`: a push that does not show what was written replaces the one before about the same conversation, or,
 * where not even that is told, about the same account. null: the push stands for itself.
 */
function collapseIdOf(event: Outgoing, payload: string, content: ApnsTarget["content"]): string | null {
  const { class: of, user } = event;
  if (of !== "chat" && of !== "groupchat" && of !== "mention") return null;
  if (content !== "sender" && content !== "none") return null;
  return createHash("sha256")
    .update(`${user}\0${conversationOf(payload)}`)
    .digest("base64url");
}

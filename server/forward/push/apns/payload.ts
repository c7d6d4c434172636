import type { ApnsTarget } from "../../../../lib/contracts/forward-target.ts";
import type { Payload } from "../../plan/payload.ts";
import { fitted, type Draft } from "../fit.ts";
import type { PushMessage } from "../message.ts";

/** What APNs takes of a notification, bytes of UTF-8. It takes 5120 of a VoIP push, which is sent the same text. */
export const maxPayloadBytes = 4096;
const contentType = "application/json";
const backgroundStart = '{"aps":{"content-available":1}';

type Rendered = Pick<ApnsTarget, "mode" | "sound" | "content" | "previewLength" | "text">;

/**
 * A notification as APNs takes it (Apple, "Generating a remote notification"): `aps` and, beside it, what the app needs to
 * find the message, all of it text: `id` (the event's, the same on every attempt and for every device), `class`, `to`,
 * `from`, `stanzaId`, `messageId`, `thread`, and of a call `call` and `media`. A call is sent the same text over either of
 * a device's tokens.
 */
export function renderApns(message: PushMessage, target: Rendered): Payload {
  return fitted(message, target, maxPayloadBytes, (draft) =>
    target.mode === "background" ? background(draft) : alert(message, target, draft),
  );
}

/** The text wakes the app and shows nothing. */
export function isBackground(payload: string): boolean {
  return payload.startsWith(backgroundStart);
}

/** The same notification without anything of the message but its id and class; null when that would not be shorter. */
export function contentless(payload: string, { sound, text }: Pick<Rendered, "sound" | "text">): string | null {
  const { aps, id, class: kind } = partsOf(payload);
  const alert = { alert: { body: text }, ...soundOf(sound), "mutable-content": 1, badge: aps?.badge };
  const bare = JSON.stringify({ aps: isBackground(payload) ? { "content-available": 1 } : alert, id, class: kind });
  return Buffer.byteLength(bare) < Buffer.byteLength(payload) ? bare : null;
}

/** Whom it is about, as far as it tells: the bare JID of a person or room, or a word for all of them. */
export function conversationOf(payload: string): string {
  const { aps, from } = partsOf(payload);
  const thread = aps?.["thread-id"];
  if (typeof thread === "string") return thread;
  return typeof from === "string" ? from.split("/", 1)[0]! : "";
}

function background({ facts }: Draft): Payload {
  return { contentType, text: `${backgroundStart}${JSON.stringify(facts).replace("{", ",")}` };
}

// The unread count is the last member of `aps`, so that only its place has to be known.
function alert({ class: category }: PushMessage, { sound }: Rendered, draft: Draft): Payload {
  const { title, body, conversation, facts } = draft;
  const aps = {
    alert: title === null ? { body } : { title, body },
    ...soundOf(sound),
    "mutable-content": 1,
    "thread-id": conversation,
    category,
  };
  const before = `{"aps":${JSON.stringify(aps).slice(0, -1)},"badge":`;
  return { contentType, text: `${before}}${JSON.stringify(facts).replace("{", ",")}`, unreadAt: before.length };
}

function soundOf(sound: string): { sound?: string } {
  return sound === "" ? {} : { sound };
}

interface Parts {
  readonly aps?: { readonly badge?: unknown; readonly "thread-id"?: unknown };
  readonly id?: unknown;
  readonly class?: unknown;
  readonly from?: unknown;
}

/** Nothing is found in what is not JSON: APNs says what it thinks of it. */
function partsOf(payload: string): Parts {
  try {
    return JSON.parse(payload) as Parts;
  } catch {
    return {};
  }
}

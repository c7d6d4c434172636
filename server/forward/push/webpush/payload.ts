import type { WebPushTarget } from "../../../../lib/contracts/forward-target.ts";
import type { Payload } from "../../plan/payload.ts";
import { fitted, type Draft } from "../fit.ts";
import type { PushMessage } from "../message.ts";
import { maxPlaintextBytes } from "./encrypt.ts";

type Rendered = Pick<WebPushTarget, "content" | "previewLength" | "text">;

/**
 * What the service worker gets: `{title, body, tag, data, unread}`. `title` is always there, `body` unless the title says it
 * all; `tag` is the conversation. `data` has `id` (the event's), `class`, `to`, `from`, `stanzaId`, `call`, `messageId`,
 * `thread`, `media`.
 */
export function renderWebPush(message: PushMessage, target: Rendered): Payload {
  return fitted(message, target, maxPlaintextBytes, write);
}

function write({ title, body, conversation, facts }: Draft): Payload {
  const told = title === null ? { title: body } : { title, body };
  const json = JSON.stringify({ ...told, tag: conversation, data: facts });
  const text = `${json.slice(0, -1)},"unread":}`;
  return { contentType: "application/json", text, unreadAt: text.length - 1 };
}

/** A push as {@link renderWebPush} wrote it. */
export interface WrittenPush {
  readonly tag: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly unread: number;
}

/** null: it was made for another kind of target. */
export function readWebPush(text: string): WrittenPush | null {
  let push: unknown;
  try {
    push = JSON.parse(text);
  } catch {
    return null;
  }
  return isWritten(push) ? push : null;
}

function isWritten(push: unknown): push is WrittenPush {
  if (typeof push !== "object" || push === null) return false;
  if (!("tag" in push) || !("data" in push) || !("unread" in push)) return false;
  const { tag, data, unread } = push;
  return typeof tag === "string" && typeof data === "object" && data !== null && typeof unread === "number";
}

/** The same push without anything of the message but its ids, for a push service that takes less than others. */
export function contentless({ data, unread }: WrittenPush, { text }: Pick<Rendered, "text">): string {
  const { id, class: kind, to, stanzaId } = data;
  return JSON.stringify({ title: text, tag: "messages", data: { id, class: kind, to, stanzaId }, unread });
}

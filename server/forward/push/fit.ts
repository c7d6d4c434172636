import type { Payload } from "../plan/payload.ts";
import { clipTo, tell, type Notification } from "./content.ts";
import type { PushMessage } from "./message.ts";

/** Room for the number of unread messages, which only the store knows. */
const unreadDigits = 10;
/** An id that is longer than any client makes them is left out, so that the barest push fits whatever was sent. */
const maxIdLength = 128;

/** What an app can know about the message besides the words. All values are text. */
export type Facts = Readonly<Record<string, string>>;

/** What a push says, before it is written in the provider's form. */
export interface Draft {
  /** null: not told. */
  readonly title: string | null;
  readonly body: string;
  /** The bare JID of the person or room, or a fixed word when that is not told: newer pushes may replace older ones of it. */
  readonly conversation: string;
  readonly facts: Facts;
}

/** What pushes that do not tell whom they are about have in common. */
export function countedAs({ class: kind }: Pick<PushMessage, "class">): string {
  if (kind === "call") return "calls";
  return kind === "subscription" ? "requests" : "messages";
}

/**
 * The push as `write` puts it, in at most `maxBytes` of UTF-8 with the number of unread messages in its place. Where that is
 * too much, what an app can do without is left out; then the body is cut, between characters as people see them; and last
 * everything goes but that there is something.
 */
export function fitted(
  message: PushMessage,
  target: Notification,
  maxBytes: number,
  write: (draft: Draft) => Payload,
): Payload {
  if (target.content === "none") return write(bareDraft(message, target));
  const fits = ({ text }: Payload): boolean => Buffer.byteLength(text) + unreadDigits <= maxBytes;
  const { title, body } = tell(message, target);
  const facts = { ...bareFacts(message), from: message.from.full };
  // What has more characters than there is room for bytes is cut in any case.
  const looked = body.slice(0, maxBytes + 1);
  const draft = { title, body: looked, conversation: (message.room?.jid ?? message.from.toBare()).full, facts };
  const full = write({ ...draft, facts: { ...facts, ...expendable(message) } });
  if (fits(full)) return full;
  const cut = clipTo(looked, (text) => fits(write({ ...draft, body: text })));
  return write(cut === null ? bareDraft(message, target) : { ...draft, body: cut });
}

/** That there is something, and nothing about what or from whom. It fits whatever the limit of a provider. */
export function bareDraft(message: PushMessage, { text }: Notification): Draft {
  return { title: null, body: text, conversation: countedAs(message), facts: bareFacts(message) };
}

function bareFacts({ id, class: kind, user, stanzaId, call }: PushMessage): Facts {
  return {
    id,
    class: kind,
    to: user.bare,
    ...(stanzaId === null || stanzaId.length > maxIdLength ? {} : { stanzaId }),
    ...(call === null || call.id.length > maxIdLength ? {} : { call: call.id }),
  };
}

function expendable({ messageId, thread, call }: PushMessage): Facts {
  return {
    ...(messageId === null ? {} : { messageId }),
    ...(thread === null ? {} : { thread }),
    ...(call === null || call.media.length === 0 ? {} : { media: call.media.join(",") }),
  };
}

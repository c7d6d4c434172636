import type { FcmTarget } from "../../../../lib/contracts/forward-target.ts";
import type { Payload } from "../../plan/payload.ts";
import { countedAs, fitted, type Draft, type Facts } from "../fit.ts";
import type { PushMessage } from "../message.ts";

/** What FCM takes of a message to one device (FCM ErrorCode, INVALID_ARGUMENT). */
const maxBytes = 4096;
/** What the transport adds to the text: lifetime and number of notifications. */
const addedBytes = 96;

type Rendered = Pick<FcmTarget, "mode" | "priority" | "content" | "previewLength" | "text">;

/**
 * The `Message` of FCM HTTP v1 without its token, as JSON. Values of `data` are texts: `title` (unless it is not told) and
 * `body`, `id` (the event's), `class`, `to`, `sender`, `stanzaId`, `call`, `messageId`, `thread`, `media`, `unread`.
 */
export function renderFcm(message: PushMessage, target: Rendered): Payload {
  return fitted(message, target, maxBytes - addedBytes, (draft) => write(message, target, draft));
}

function write(message: PushMessage, target: Rendered, draft: Draft): Payload {
  const { title, body, conversation } = draft;
  const told = title === null ? { body } : { title, body };
  const isNotification = target.mode === "notification";
  const isTextTold = target.content === "full" || target.content === "preview";
  const fields = {
    android: {
      priority: message.class === "call" ? "high" : target.priority,
      ...collapsing(message, target),
      // A newer notification takes the place of one that says no more than it does.
      ...(isNotification && !isTextTold ? { notification: { tag: conversation } } : {}),
    },
    ...(isNotification ? { notification: told } : {}),
    data: { ...dataOf(draft.facts), ...(isNotification ? {} : told), unread: "" },
  };
  const text = JSON.stringify(fields);
  return { contentType: "application/json", text, unreadAt: text.length - '"}}'.length };
}

// A device may have four keys at once, and without any FCM keeps 100 messages for it before it drops them all. Only what
// says nothing but that there is something may be replaced by a newer one.
function collapsing(message: PushMessage, { content }: Rendered): { collapse_key?: string } {
  return content === "none" && message.class !== "call" ? { collapse_key: countedAs(message) } : {};
}

// `from` is one of the names that FCM keeps for itself.
function dataOf({ from, ...facts }: Facts): Facts {
  return from === undefined ? facts : { ...facts, sender: from };
}

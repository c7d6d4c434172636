/** RFC 6121 5.2.2. */
export type MessageType = "normal" | "chat" | "groupchat" | "headline" | "error";

/**
 * What the address means right now: a bare JID, or a full JID whose resource is connected (`match`) or not (`stale`);
 * `reachable` when some resource of the account is available with a priority of zero or more.
 */
export type Situation = "bare, reachable" | "bare" | "match" | "stale, reachable" | "stale";

/**
 * `resource`: to that resource. `account`: to the account's reachable resources. `offline`: to the account's other ways.
 * `error`: back with service-unavailable. `ignore`: dropped in silence.
 */
export type Action = "resource" | "account" | "offline" | "error" | "ignore";

/**
 * RFC 6121 8.5.4, table 1. Where it leaves a choice: a `normal` message to a resource that has gone comes back while others
 * are there, and is kept like any other when nobody is (XEP-0160 3); `groupchat` to one is an error, from which a room learns
 * that its occupant has left.
 */
export const rules: Readonly<Record<Situation, Readonly<Record<MessageType, Action>>>> = {
  "bare, reachable": {
    normal: "account",
    chat: "account",
    groupchat: "error",
    headline: "account",
    error: "ignore",
  },
  bare: { normal: "offline", chat: "offline", groupchat: "error", headline: "ignore", error: "ignore" },
  match: {
    normal: "resource",
    chat: "resource",
    groupchat: "resource",
    headline: "resource",
    error: "resource",
  },
  "stale, reachable": {
    normal: "error",
    chat: "account",
    groupchat: "error",
    headline: "ignore",
    error: "ignore",
  },
  stale: { normal: "offline", chat: "offline", groupchat: "error", headline: "ignore", error: "ignore" },
};

/** RFC 6121 5.2.2: no type, or one that nobody knows, is `normal`. */
export function messageType(type: string | undefined): MessageType {
  switch (type) {
    case "chat":
    case "groupchat":
    case "headline":
    case "error":
      return type;
    default:
      return "normal";
  }
}

/** The four presence types that manage subscriptions, RFC 6121 3. */
export type SubscriptionType = "subscribe" | "subscribed" | "unsubscribe" | "unsubscribed";

const types: ReadonlySet<string> = new Set<SubscriptionType>([
  "subscribe",
  "subscribed",
  "unsubscribe",
  "unsubscribed",
]);

export function isSubscriptionType(type: string | undefined): type is SubscriptionType {
  return type !== undefined && types.has(type);
}

/** RFC 6121 A.1. `out`: our request waits for the contact; `in`: the contact's request waits for the user. */
export type SubscriptionState =
  | "none"
  | "none+out"
  | "none+in"
  | "none+out+in"
  | "to"
  | "to+in"
  | "from"
  | "from+out"
  | "both";

export interface Transition {
  /** Outbound: the stanza is routed to the contact. Inbound: it is delivered to the user. */
  readonly isPassed: boolean;
  readonly next: SubscriptionState;
}
export type Transitions = Readonly<Record<SubscriptionType, Readonly<Record<SubscriptionState, Transition>>>>;

const passed = (next: SubscriptionState): Transition => ({ isPassed: true, next });
const kept = (next: SubscriptionState): Transition => ({ isPassed: false, next });

/** What a user's own stanza does, RFC 6121 A.2. */
export const outbound: Transitions = {
  subscribe: {
    none: passed("none+out"),
    "none+out": passed("none+out"),
    "none+in": passed("none+out+in"),
    "none+out+in": passed("none+out+in"),
    to: passed("to"),
    "to+in": passed("to+in"),
    from: passed("from+out"),
    "from+out": passed("from+out"),
    both: passed("both"),
  },
  unsubscribe: {
    none: passed("none"),
    "none+out": passed("none"),
    "none+in": passed("none+in"),
    "none+out+in": passed("none+in"),
    to: passed("none"),
    "to+in": passed("none+in"),
    from: passed("from"),
    "from+out": passed("from"),
    both: passed("from"),
  },
  subscribed: {
    none: kept("none"),
    "none+out": kept("none+out"),
    "none+in": passed("from"),
    "none+out+in": passed("from+out"),
    to: kept("to"),
    "to+in": passed("both"),
    from: kept("from"),
    "from+out": kept("from+out"),
    both: kept("both"),
  },
  unsubscribed: {
    none: kept("none"),
    "none+out": kept("none+out"),
    "none+in": passed("none"),
    "none+out+in": passed("none+out"),
    to: kept("to"),
    "to+in": passed("to"),
    from: passed("none"),
    "from+out": passed("none+out"),
    both: passed("to"),
  },
};

/** What a contact's stanza does, RFC 6121 A.3. */
export const inbound: Transitions = {
  subscribe: {
    none: passed("none+in"),
    "none+out": passed("none+out+in"),
    "none+in": kept("none+in"),
    "none+out+in": kept("none+out+in"),
    to: passed("to+in"),
    "to+in": kept("to+in"),
    from: kept("from"),
    "from+out": kept("from+out"),
    both: kept("both"),
  },
  unsubscribe: {
    none: kept("none"),
    "none+out": kept("none+out"),
    "none+in": passed("none"),
    "none+out+in": passed("none+out"),
    to: kept("to"),
    "to+in": passed("to"),
    from: passed("none"),
    "from+out": passed("none+out"),
    both: passed("to"),
  },
  subscribed: {
    none: kept("none"),
    "none+out": passed("to"),
    "none+in": kept("none+in"),
    "none+out+in": passed("to+in"),
    to: kept("to"),
    "to+in": kept("to+in"),
    from: kept("from"),
    "from+out": passed("both"),
    both: kept("both"),
  },
  unsubscribed: {
    none: kept("none"),
    "none+out": passed("none"),
    "none+in": kept("none+in"),
    "none+out+in": passed("none+in"),
    to: passed("none"),
    "to+in": passed("none+in"),
    from: kept("from"),
    "from+out": passed("from"),
    both: passed("from"),
  },
};

/** States in which the contact gets the user's presence. */
export function isFrom(state: SubscriptionState): boolean {
  return state === "from" || state === "from+out" || state === "both";
}

/** States in which the user gets the contact's presence. */
export function isTo(state: SubscriptionState): boolean {
  return state === "to" || state === "to+in" || state === "both";
}

/** States in which the contact's request waits for the user's answer. */
export function hasRequest(state: SubscriptionState): boolean {
  return state === "none+in" || state === "none+out+in" || state === "to+in";
}

/** States in which the user's request waits for the contact's answer. */
export function isAsking(state: SubscriptionState): boolean {
  return state === "none+out" || state === "none+out+in" || state === "from+out";
}

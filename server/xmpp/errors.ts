import { el, type Element } from "./element.ts";
import { NS } from "./namespaces.ts";

/** RFC 6120 4.9.3. */
export type StreamCondition =
  | "bad-format"
  | "bad-namespace-prefix"
  | "conflict"
  | "connection-timeout"
  | "host-gone"
  | "host-unknown"
  | "improper-addressing"
  | "internal-server-error"
  | "invalid-from"
  | "invalid-namespace"
  | "invalid-xml"
  | "not-authorized"
  | "not-well-formed"
  | "policy-violation"
  | "remote-connection-failed"
  | "reset"
  | "resource-constraint"
  | "restricted-xml"
  | "see-other-host"
  | "system-shutdown"
  | "undefined-condition"
  | "unsupported-encoding"
  | "unsupported-feature"
  | "unsupported-stanza-type"
  | "unsupported-version";

/** RFC 6120 8.3.2. */
export type StanzaErrorType = "auth" | "cancel" | "continue" | "modify" | "wait";

/** RFC 6120 8.3.3, each with the type that its text recommends first. */
const DEFAULT_TYPES = {
  "bad-request": "modify",
  conflict: "cancel",
  "feature-not-implemented": "cancel",
  forbidden: "auth",
  gone: "cancel",
  "internal-server-error": "cancel",
  "item-not-found": "cancel",
  "jid-malformed": "modify",
  "not-acceptable": "modify",
  "not-allowed": "cancel",
  "not-authorized": "auth",
  "policy-violation": "modify",
  "recipient-unavailable": "wait",
  redirect: "modify",
  "registration-required": "auth",
  "remote-server-not-found": "cancel",
  "remote-server-timeout": "wait",
  "resource-constraint": "wait",
  "service-unavailable": "cancel",
  "subscription-required": "auth",
  "undefined-condition": "cancel",
  "unexpected-request": "wait",
} as const satisfies Record<string, StanzaErrorType>;

export type StanzaCondition = keyof typeof DEFAULT_TYPES;

export const STANZA_CONDITIONS = Object.keys(DEFAULT_TYPES) as readonly StanzaCondition[];

/** Thrown where a stream cannot go on; whoever owns the stream writes it and closes. */
export class StreamError extends Error {
  override readonly name = "StreamError";
  readonly condition: StreamCondition;
  readonly text: string | undefined;
  /** Application-specific condition, RFC 6120 4.9.4. */
  readonly app: Element | undefined;

  constructor(condition: StreamCondition, text?: string, app?: Element) {
    super(text === undefined ? condition : `${condition}: ${text}`);
    this.condition = condition;
    this.text = text;
    this.app = app;
  }

  /** `<stream:error/>`, RFC 6120 4.9.2. */
  toElement(): Element {
    const text = this.text === undefined ? undefined : el("text", NS.streams, { "xml:lang": "en" }, this.text);
    return el("error", NS.stream, undefined, el(this.condition, NS.streams), text, this.app);
  }
}

/** Thrown by whoever handles a stanza; the router turns it into the error reply. */
export class StanzaError extends Error {
  override readonly name = "StanzaError";
  readonly type: StanzaErrorType;
  readonly condition: StanzaCondition;
  readonly text: string | undefined;
  /** Application-specific condition, RFC 6120 8.3.4. */
  readonly app: Element | undefined;
  /** What stood for the condition in the beginning (XEP-0086), for clients that look at nothing else. */
  readonly code: number | undefined;

  constructor(type: StanzaErrorType, condition: StanzaCondition, text?: string, app?: Element, code?: number) {
    super(text === undefined ? condition : `${condition}: ${text}`);
    this.type = type;
    this.condition = condition;
    this.text = text;
    this.app = app;
    this.code = code;
  }

  /** The error with the type RFC 6120 8.3.3 recommends for its condition, unless the caller knows better. */
  static of(
    condition: StanzaCondition,
    text?: string,
    options: { readonly type?: StanzaErrorType; readonly app?: Element; readonly code?: number } = {},
  ): StanzaError {
    return new StanzaError(options.type ?? DEFAULT_TYPES[condition], condition, text, options.app, options.code);
  }

  /** `<error/>`, RFC 6120 8.3.2, in the namespace of the stanza it goes into. `by`: who says so, if not who it is from. */
  toElement(ns: string = NS.client, by?: string): Element {
    const text = this.text === undefined ? undefined : el("text", NS.stanzas, { "xml:lang": "en" }, this.text);
    const code = this.code === undefined ? undefined : String(this.code);
    return el("error", ns, { type: this.type, by, code }, el(this.condition, NS.stanzas), text, this.app);
  }
}

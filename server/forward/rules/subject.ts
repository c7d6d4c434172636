import type { MessageClass } from "../../storage/ports.ts";
import type { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { encryptionOf, textOf } from "../plan/content.ts";
import { hintsOf } from "./classify.ts";

/** Something that somebody who is away may be told of. */
export interface Occasion {
  readonly class: MessageClass;
  /** A message, or for the class `subscription` a presence. */
  readonly stanza: Stanza;
  readonly from: Jid;
  readonly to: Jid;
  /** The account that is told, bare. */
  readonly user: Jid;
  /** When it came, milliseconds since the epoch. */
  readonly at: number;
}

const maxNamespaces = 64;

/** What an expression sees as `message`. Fields and types are declared to CEL in `expression.ts`. */
export class CelMessage {
  readonly class: string;
  readonly type: string;
  readonly from: string;
  readonly to: string;
  readonly fromDomain: string;
  readonly user: string;
  readonly host: string;
  /** null when there is none, or when it is end-to-end encrypted. */
  readonly body: string | null;
  readonly subject: string | null;
  readonly thread: string | null;
  readonly lang: string | null;
  readonly encrypted: boolean;
  readonly hints: readonly string[];
  readonly namespaces: readonly string[];
  readonly size: bigint;

  constructor({ class: kind, stanza, from, to, user }: Occasion, isEncrypted: boolean) {
    this.class = kind;
    this.type = stanza.type ?? "normal";
    this.from = from.full;
    this.to = to.full;
    this.fromDomain = from.domain;
    this.user = user.bare;
    this.host = user.domain;
    this.body = isEncrypted ? null : (textOf(stanza, "body") ?? null);
    this.subject = isEncrypted ? null : (textOf(stanza, "subject") ?? null);
    this.thread = stanza.childText("thread") ?? null;
    this.lang = stanza.lang ?? null;
    this.encrypted = isEncrypted;
    this.hints = hintsOf(stanza);
    this.namespaces = [...new Set(stanza.children.map((child) => child.ns))].slice(0, maxNamespaces);
    this.size = BigInt(Buffer.byteLength(stanza.toString()));
  }
}

/** An occasion as rules ask about it: what costs something to find out is found out once, and only if a rule asks. */
export class Subject {
  readonly occasion: Occasion;
  #encrypted: boolean | undefined;
  #hints: ReadonlySet<string> | undefined;
  #message: CelMessage | undefined;

  constructor(occasion: Occasion) {
    this.occasion = occasion;
  }

  get isEncrypted(): boolean {
    this.#encrypted ??= encryptionOf(this.occasion.stanza) !== null;
    return this.#encrypted;
  }

  hasHint(name: string): boolean {
    this.#hints ??= new Set(hintsOf(this.occasion.stanza));
    return this.#hints.has(name);
  }

  get message(): CelMessage {
    this.#message ??= new CelMessage(this.occasion, this.isEncrypted);
    return this.#message;
  }
}

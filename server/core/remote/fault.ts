import { StanzaError, type StanzaErrorType } from "../../xmpp/errors.ts";

/** Why there is no link to another server. */
export type LinkFaultCode =
  /** There is no such domain, it takes no connections, or it has no address that may be used. */
  | "not-found"
  /** The name servers do not answer. */
  | "dns-failed"
  /** No address takes a connection. */
  | "unreachable"
  /** The stream was not negotiated in time. */
  | "timeout"
  /** One side wants encryption and the other has none to offer. */
  | "no-tls"
  /** The peer does not take what was offered as a proof of who we are. */
  | "not-proved"
  /** The peer ended the stream with an error. */
  | "refused"
  /** The connection broke. */
  | "lost"
  /** The rules here do not allow it. */
  | "policy"
  /** It was closed by hand, or because it or its host is not needed any more. */
  | "closed"
  /** Too much is being connected already. */
  | "overload";

export class LinkFault extends Error {
  override readonly name = "LinkFault";
  readonly code: LinkFaultCode;

  constructor(code: LinkFaultCode, message: string) {
    super(message);
    this.code = code;
  }

  /** Waiting is of no use: what is to be sent is refused at once. */
  get isLasting(): boolean {
    return lasting.has(this.code);
  }

  /** What the sender of a stanza is told (RFC 6120 8.3.3.16, 8.3.3.17). */
  toStanzaError(): StanzaError {
    const condition = this.code === "not-found" ? "remote-server-not-found" : "remote-server-timeout";
    const type: StanzaErrorType = this.isLasting ? "cancel" : "wait";
    return StanzaError.of(condition, texts[this.code], { type });
  }
}

const lasting: ReadonlySet<LinkFaultCode> = new Set(["not-found", "no-tls", "not-proved", "policy"]);

/** For users: what the log and the admin are told names addresses and more. */
const texts: Readonly<Record<LinkFaultCode, string>> = {
  "not-found": "There is no such server.",
  "dns-failed": "The server's address could not be found out.",
  unreachable: "The server cannot be reached.",
  timeout: "The server did not answer in time.",
  "no-tls": "The server offers no encryption.",
  "not-proved": "The servers do not trust each other.",
  refused: "The server refused the connection.",
  lost: "The connection to the server broke.",
  policy: "This server does not talk to that one.",
  closed: "The connection to the server was closed.",
  overload: "Too many connections are being made.",
};

import type { AccountService } from "../../core/accounts.ts";
import type { Jid } from "../../xmpp/jid.ts";

/** RFC 6120 6.5: the conditions that a failed exchange is answered with. */
export type SaslCondition =
  | "aborted"
  | "account-disabled"
  | "credentials-expired"
  | "encryption-required"
  | "incorrect-encoding"
  | "invalid-authzid"
  | "invalid-mechanism"
  | "malformed-request"
  | "mechanism-too-weak"
  | "not-authorized"
  | "temporary-auth-failure";

/** Ends an exchange. `text` goes to the client, `account` to the throttle and the log. */
export class SaslError extends Error {
  override readonly name = "SaslError";
  readonly condition: SaslCondition;
  readonly text: string | undefined;

  constructor(condition: SaslCondition, text?: string) {
    super(text === undefined ? condition : `${condition}: ${text}`);
    this.condition = condition;
    this.text = text;
  }
}

/** What an exchange works with; nothing of it knows how messages get here (RFC 6120 6, XEP-0388). */
export interface SaslContext {
  readonly host: string;
  readonly accounts: Pick<AccountService, "scram" | "verify">;
  /** Whether a -PLUS variant was offered on this stream, so that a client that saw none was lied to (RFC 5802 6). */
  readonly isPlusOffered: boolean;
  /** The channel binding data of one type; undefined when the stream does not have it. */
  channelBinding(type: string): Buffer | undefined;
  /** Called once, as soon as the exchange knows whose login it is; throws SaslError when that one is throttled. */
  identified(account: Jid): void;
}

export type SaslStep =
  | { readonly kind: "challenge"; readonly data: Buffer }
  /** `data` is the additional data with the success (RFC 6120 6.3.9). */
  | { readonly kind: "success"; readonly account: Jid; readonly data?: Buffer };

/** One run of a mechanism. */
export interface SaslExchange {
  /** The next message of the client. Throws SaslError. */
  step(message: Buffer): SaslStep | Promise<SaslStep>;
}

export interface SaslMechanism {
  readonly name: string;
  /** It sends the password itself and so needs an encrypted stream. */
  readonly revealsPassword: boolean;
  /** It needs channel binding data. */
  readonly isPlus: boolean;
  start(context: SaslContext): SaslExchange;
}

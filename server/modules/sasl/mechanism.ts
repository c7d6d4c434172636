import type { AccountService } from "../../core/accounts.ts";
import type { ClientRow, ClientToken, LoginClients } from "../../core/login-clients.ts";
import type { NegotiatingStream } from "../../core/negotiation.ts";
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

/** The mechanisms of the SASL profile that the client uses, and the channel bindings; null: of these nothing was said. */
export interface Offered {
  readonly mechanisms: readonly string[];
  readonly bindings: readonly string[] | null;
}

/** What an exchange works with; nothing of it knows how messages get here (RFC 6120 6, XEP-0388). */
export interface SaslContext {
  readonly host: string;
  readonly accounts: Pick<AccountService, "scram" | "standing" | "verify" | "whyDisabled">;
  readonly clients: Pick<LoginClients, "find" | "tokenText">;
  readonly now: () => number;
  /** Whose login the client's header announced, where the profile wants it kept to (XEP-0388 2.5); null: it does not matter. */
  readonly from: Jid | null;
  /** The id that the client's user agent told (XEP-0388 2.5), in lower case; null: none. */
  readonly agentId: string | null;
  /** Names the client here once its account is known. */
  clientId(account: Jid, agentId: string): string;
  /** Accounts that the client's certificate is for. */
  readonly certified: readonly Jid[];
  /** What was offered, for the client to find out whether somebody in between changed it (XEP-0474 5.1); null: it is not told. */
  readonly offered: Offered | null;
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
  | {
      readonly kind: "success";
      readonly account: Jid;
      readonly data?: Buffer;
      /** The token that it was (XEP-0484). */
      readonly token?: ClientToken;
      /** The client, where the mechanism has looked it up. */
      readonly client?: ClientRow;
      /** There is no such account, and will be none. */
      readonly isGuest?: true;
    };

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
  /** Whether it can be of any use on a stream; left out: always. */
  isPossible?(stream: NegotiatingStream): boolean;
  start(context: SaslContext): SaslExchange;
}

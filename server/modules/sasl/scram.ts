import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { ScramKeys, ScramMechanism } from "../../core/credentials.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { downgradeHash } from "./downgrade.ts";
import { accountOf, checkAuthzid } from "./identity.ts";
import { type SaslContext, SaslError, type SaslExchange, type SaslMechanism, type SaslStep } from "./mechanism.ts";
import { type ClientFinal, type ClientFirst, parseClientFinal, parseClientFirst } from "./scram-message.ts";

const hashes: Record<ScramMechanism, string> = {
  "SCRAM-SHA-1": "sha1",
  "SCRAM-SHA-256": "sha256",
  "SCRAM-SHA-512": "sha512",
};

/** A mechanism of the SCRAM family (RFC 5802, RFC 7677), with or without channel binding. */
export function scram(base: ScramMechanism, isPlus: boolean, makeNonce: () => string = randomNonce): SaslMechanism {
  return {
    name: isPlus ? `${base}-PLUS` : base,
    revealsPassword: false,
    isPlus,
    start: (context) => new ScramExchange(base, isPlus, context, makeNonce),
  };
}

/** What the first message has settled. */
interface Begun {
  readonly first: ClientFirst;
  readonly account: Jid;
  readonly keys: ScramKeys;
  /** false: there is no such account, and the keys are made up. */
  readonly isReal: boolean;
  readonly isSuspended: boolean;
  readonly nonce: string;
  readonly serverFirst: string;
}

class ScramExchange implements SaslExchange {
  readonly #base: ScramMechanism;
  readonly #isPlus: boolean;
  readonly #context: SaslContext;
  readonly #makeNonce: () => string;
  #begun: Begun | null = null;

  constructor(base: ScramMechanism, isPlus: boolean, context: SaslContext, makeNonce: () => string) {
    this.#base = base;
    this.#isPlus = isPlus;
    this.#context = context;
    this.#makeNonce = makeNonce;
  }

  step(message: Buffer): SaslStep | Promise<SaslStep> {
    return this.#begun === null ? this.#begin(message) : this.#finish(message, this.#begun);
  }

  async #begin(message: Buffer): Promise<SaslStep> {
    const first = parseClientFirst(message);
    this.#checkBinding(first);
    const account = accountOf(first.username, this.#context.host);
    this.#context.identified(account);
    checkAuthzid(first.authzid, account, this.#context.from);
    const { keys, isReal, suspended } = await this.#context.accounts.scram(account, this.#base);
    const nonce = first.nonce + this.#makeNonce();
    const { offered } = this.#context;
    const protection = offered === null ? "" : `,h=${downgradeHash(offered, hashes[this.#base])}`;
    const serverFirst = `r=${nonce},s=${keys.salt},i=${keys.iterations}${protection}`;
    this.#begun = { first, account, keys, isReal, isSuspended: suspended, nonce, serverFirst };
    return { kind: "challenge", data: Buffer.from(serverFirst) };
  }

  // RFC 5802 6: the flag fits the mechanism, and a client that was made to believe in no channel binding is told.
  #checkBinding({ bindingFlag, bindingType }: ClientFirst): void {
    if (this.#isPlus !== (bindingFlag === "p")) throw new SaslError("malformed-request");
    if (bindingFlag === "y" && this.#context.isPlusOffered) {
      throw new SaslError("not-authorized", "this server does support channel binding");
    }
    if (this.#isPlus && this.#context.channelBinding(bindingType) === undefined) {
      throw new SaslError("not-authorized", "unsupported channel binding type");
    }
  }

  /** The work is the same whether the account exists or not, and so is the answer. */
  #finish(message: Buffer, begun: Begun): SaslStep | Promise<SaslStep> {
    const { first, account, keys, isReal, isSuspended, nonce, serverFirst } = begun;
    const final = parseClientFinal(message);
    const authMessage = `${first.bare},${serverFirst},${final.withoutProof}`;
    const isProved = this.#isProof(final, keys, authMessage);
    const isSameStream = final.nonce === nonce && final.channelBinding === this.#expectedBinding(first);
    if (!isProved || !isSameStream || !isReal) throw new SaslError("not-authorized");
    if (isSuspended) return this.#refuse(account);
    const signature = hmac(hashes[this.#base], Buffer.from(keys.serverKey, "base64"), authMessage);
    return { kind: "success", account, data: Buffer.from(`v=${signature.toString("base64")}`) };
  }

  async #refuse(account: Jid): Promise<never> {
    throw new SaslError("account-disabled", await this.#context.accounts.whyDisabled(account));
  }

  // RFC 5802 3: StoredKey is the hash of the ClientKey that the proof hides.
  #isProof({ proof }: ClientFinal, keys: ScramKeys, authMessage: string): boolean {
    const hash = hashes[this.#base];
    const storedKey = Buffer.from(keys.storedKey, "base64");
    const clientKey = hmac(hash, storedKey, authMessage);
    if (proof.length !== clientKey.length) return false;
    for (let i = 0; i < clientKey.length; i += 1) clientKey[i]! ^= proof[i]!;
    const candidate = createHash(hash).update(clientKey).digest();
    return candidate.length === storedKey.length && timingSafeEqual(candidate, storedKey);
  }

  #expectedBinding({ gs2Header, bindingFlag, bindingType }: ClientFirst): string {
    const header = Buffer.from(gs2Header);
    const data = bindingFlag === "p" ? this.#context.channelBinding(bindingType) : undefined;
    return (data === undefined ? header : Buffer.concat([header, data])).toString("base64");
  }
}

function hmac(hash: string, key: Buffer, text: string): Buffer {
  return createHmac(hash, key).update(text).digest();
}

function randomNonce(): string {
  return randomBytes(18).toString("base64");
}

import { z } from "zod";
import type { Host } from "../../core/host.ts";
import type { ClientToken } from "../../core/login-clients.ts";
import { defineModule, type ModuleContext } from "../../core/module.ts";
import type { NegotiatingStream } from "../../core/negotiation.ts";
import { formatDateTime } from "../../xmpp/datetime.ts";
import { el, type Element } from "../../xmpp/element.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { KeptElement } from "../../xmpp/kept-element.ts";
import { hashedTokens } from "./ht.ts";
import { SaslError, type SaslMechanism } from "./mechanism.ts";
import { NS_FAST } from "./namespaces.ts";

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;
const prunedPerStep = 1000;

const Options = z.strictObject({
  token_days: z
    .int()
    .min(1)
    .max(365)
    .default(30)
    .describe("Days that a token is good for; a client that was away for longer needs the password again."),
  rotate_hours: z
    .int()
    .min(1)
    .max(24 * 365)
    .default(24)
    .describe("Age at which a token is replaced when its client logs in."),
  forget_days: z
    .int()
    .min(1)
    .max(3650)
    .default(365)
    .describe("Days after its last login that a client leaves the account's list of clients."),
});

/** What a request has to do with tokens. */
export interface TokenRequest {
  /** It logs in with a token; the count it gives (XEP-0484 3.4). */
  readonly isUsed: boolean;
  readonly count: number | null;
  readonly isInvalidated: boolean;
  /** The mechanism that it wants a token for. */
  readonly wanted: string | null;
}

const fastOf = new WeakMap<Host, Fast>();

/** undefined: there are no tokens on this host. */
export function fastOn(host: Host): Fast | undefined {
  return fastOf.get(host);
}

/** Tokens instead of passwords for clients that come back (XEP-0484). */
export class Fast {
  readonly #context: ModuleContext<z.infer<typeof Options>>;
  readonly #offer = new KeptElement();

  constructor(context: ModuleContext<z.infer<typeof Options>>) {
    this.#context = context;
  }

  mechanisms(stream: NegotiatingStream): SaslMechanism[] {
    return hashedTokens.filter((mechanism) => mechanism.isPossible?.(stream) !== false);
  }

  offer(stream: NegotiatingStream): Element {
    const mechanisms = this.mechanisms(stream);
    return this.#offer.of(mechanisms, () => {
      const names = mechanisms.map(({ name }) => el("mechanism", NS_FAST, undefined, name));
      return el("fast", NS_FAST, undefined, ...names);
    });
  }

  /** Throws SaslError. */
  read(request: Element): TokenRequest {
    const use = request.child("fast", NS_FAST);
    const count = use?.attr("count");
    if (count !== undefined && !/^\d{1,15}$/.test(count)) throw new SaslError("malformed-request", "no count");
    return {
      isUsed: use !== undefined,
      count: count === undefined ? null : Number(count),
      isInvalidated: isTrue(use?.attr("invalidate")),
      wanted: request.child("request-token", NS_FAST)?.attr("mechanism") ?? null,
    };
  }

  /** The token to give to a client that has logged in, with `used` or otherwise; null: none (XEP-0484 3.2, 3.5, 3.6). */
  tokenFor(
    stream: NegotiatingStream,
    request: TokenRequest,
    used: ClientToken | null,
  ): Omit<ClientToken, "count"> | null {
    const { core, options } = this.#context;
    const lifetimeMs = options.token_days * dayMs;
    const isOffered = this.mechanisms(stream).some(({ name }) => name === request.wanted);
    if (request.wanted !== null && isOffered) return core.clients.newToken(request.wanted, lifetimeMs);
    if (used === null || request.isInvalidated) return null;
    const isOld = core.clock.now() - used.issuedAt >= options.rotate_hours * hourMs;
    return isOld ? core.clients.newToken(used.mechanism, lifetimeMs) : null;
  }

  element(account: Jid, clientId: string, token: Omit<ClientToken, "count">): Element {
    return el("token", NS_FAST, {
      expiry: formatDateTime(token.expiresAt),
      token: this.#context.core.clients.tokenText(account, clientId, token),
    });
  }
}

function isTrue(value: string | undefined): boolean {
  return value === "true" || value === "1";
}

export const fast = defineModule({
  name: "fast",
  summary: "Gives clients tokens to come back with, in one round trip and without the password.",
  xeps: [
    {
      number: 484,
      version: "0.2.0",
      note: "HT-SHA-256 with tls-exporter, tls-server-end-point or no channel binding; no TLS early data.",
    },
  ],
  requires: ["sasl2"],
  options: Options,
  start(context) {
    const { core, host, options } = context;
    fastOf.set(host, new Fast(context));
    context.onStop(() => fastOf.delete(host));
    context.every(hourMs, async () => {
      const before = core.clock.now() - options.forget_days * dayMs;
      while (!context.signal.aborted && (await core.clients.prune(host.name, before, prunedPerStep)) === prunedPerStep);
    });
  },
});

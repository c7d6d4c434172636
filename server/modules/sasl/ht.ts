import { createHmac, timingSafeEqual } from "node:crypto";
import type { ClientToken } from "../../core/login-clients.ts";
import type { NegotiatingStream } from "../../core/negotiation.ts";
import { accountOf, decodeText } from "./identity.ts";
import { type SaslContext, SaslError, type SaslMechanism, type SaslStep } from "./mechanism.ts";

const maxNameBytes = 1023;
/** Compared with where there is no token, so that the work is that of one. */
const noToken: ClientToken = { nonce: "", mechanism: "", issuedAt: 0, expiresAt: 0, count: 0 };

/**
 * The mechanisms of hashed tokens (draft-schmaus-kitten-sasl-ht-09), best first. None is bound to `tls-unique`, which is not
 * safe before TLS 1.3 and does not exist in it.
 */
export const hashedTokens: readonly SaslMechanism[] = [
  hashedToken("HT-SHA-256-EXPR", "tls-exporter"),
  hashedToken("HT-SHA-256-ENDP", "tls-server-end-point"),
  hashedToken("HT-SHA-256-NONE", null),
];

function hashedToken(name: string, binding: string | null): SaslMechanism {
  return {
    name,
    revealsPassword: false,
    isPlus: false,
    isPossible: ({ bindings }: NegotiatingStream) =>
      binding === null || (bindings !== null && bindings.types.some((type) => type === binding)),
    start: (context) => ({ step: (message) => exchange(name, binding, context, message) }),
  };
}

async function exchange(
  name: string,
  binding: string | null,
  context: SaslContext,
  message: Buffer,
): Promise<SaslStep> {
  const end = message.indexOf(0);
  if (end < 1 || end > maxNameBytes) throw new SaslError("malformed-request");
  const account = accountOf(decodeText(message.subarray(0, end)), context.host);
  context.identified(account);
  // XEP-0484 4.1: a client that uses tokens tells its id.
  if (context.agentId === null) throw new SaslError("malformed-request", "a token needs the id of its client");
  const data = binding === null ? Buffer.alloc(0) : context.channelBinding(binding);
  if (data === undefined) throw new SaslError("not-authorized", "unsupported channel binding type");
  const clientId = context.clientId(account, context.agentId);
  const [client, standing] = await Promise.all([
    context.clients.find(account, clientId),
    context.accounts.standing(account),
  ]);
  const given = message.subarray(end + 1);
  const known = [client?.fresh, client?.current].filter((token) => token !== null && token !== undefined);
  let found: { readonly token: ClientToken; readonly text: string } | null = null;
  // All are looked at, whatever comes of the first one; where there is none, one that fits nothing.
  for (const token of known.length === 0 ? [noToken] : known) {
    const text = context.clients.tokenText(account, clientId, token);
    const isSame = isEqual(given, digest(text, "Initiator", data));
    if (isSame && token.mechanism === name) found ??= { token, text };
  }
  if (found === null || client === null || standing === "unknown") throw new SaslError("not-authorized");
  if (standing === "suspended") throw new SaslError("account-disabled");
  if (found.token.expiresAt <= context.now()) throw new SaslError("credentials-expired");
  return { kind: "success", account, data: digest(found.text, "Responder", data), token: found.token, client };
}

// draft-schmaus-kitten-sasl-ht-09 3.1, 3.3.
function digest(token: string, who: "Initiator" | "Responder", bindingData: Buffer): Buffer {
  return createHmac("sha256", token).update(who).update(bindingData).digest();
}

function isEqual(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}

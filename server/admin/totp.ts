import { Secret, TOTP } from "otpauth";
import type { Jid } from "../xmpp/jid.ts";

const periodS = 30;
/** A code of the step before or after is good (RFC 6238 5.2): clocks differ, and people type. */
const window = 1;
/** Codes this many steps off tell that a clock is wrong. */
const skewWindow = 20;

/** 160 bits as RFC 4226 4 recommends, base32. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** What an authenticator app reads from a QR code. */
export function totpUri(jid: Jid, secret: string): string {
  return totp(secret, jid).toString();
}

/**
 * The time step that a code belongs to; null when it is not a code of this secret. `skewSeconds`: it would be right at
 * another time, by so much.
 */
export function checkTotp(
  secret: string,
  code: string,
  now: number,
): { step: number } | { skewSeconds: number | null } {
  const token = code.replaceAll(/\s/g, "");
  if (!/^\d{6}$/.test(token)) return { skewSeconds: null };
  const delta = totp(secret).validate({ token, timestamp: now, window: skewWindow });
  if (delta === null) return { skewSeconds: null };
  if (Math.abs(delta) > window) return { skewSeconds: delta * periodS };
  return { step: Math.floor(now / 1_000 / periodS) + delta };
}

function totp(secret: string, jid?: Jid): TOTP {
  return new TOTP({
    issuer: "Nightpost",
    label: jid?.bare ?? "",
    algorithm: "SHA1",
    digits: 6,
    period: periodS,
    secret: Secret.fromBase32(secret),
  });
}

import { client } from "../api/client.ts";
import type { Credentials } from "./verify.ts";

/** Can this browser use passkeys here? They are for names (not IP addresses) that are reached over TLS, and for localhost. */
export function hasPasskeys(): boolean {
  const isName = !/^[\d.]+$|^\[/.test(location.hostname);
  return isSecureContext && isName && "PublicKeyCredential" in globalThis;
}

/** Asks the browser for a passkey of this console. null: the visitor has stopped, or has none. */
export async function passkeyCredentials(): Promise<Credentials | null> {
  const { id, options } = await client.auth.passkeyChallenge();
  const { startAuthentication } = await library();
  const optionsJSON = options as Parameters<typeof startAuthentication>[0]["optionsJSON"];
  const response = await startAuthentication({ optionsJSON }).catch(() => null);
  return response && { passkeyId: id, passkey: JSON.stringify(response) };
}

/** Has the browser make one, for `factors.addPasskey`. null: the visitor has stopped, or this authenticator has one already. */
export async function newPasskey(options: unknown): Promise<string | null> {
  const { startRegistration } = await library();
  const optionsJSON = options as Parameters<typeof startRegistration>[0]["optionsJSON"];
  const response = await startRegistration({ optionsJSON }).catch(() => null);
  return response && JSON.stringify(response);
}

// It comes with the first passkey that somebody asks for.
const library = () => import("@simplewebauthn/browser");

import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/server";
import { z } from "zod";
import type { Clock } from "../core/clock.ts";
import type { Secrets } from "../core/secrets.ts";
import type { FactorRow, Factors } from "../storage/ports.ts";
import type { Jid } from "../xmpp/jid.ts";
import { badInput } from "./errors.ts";
import { Pending } from "./pending.ts";

/** What is sealed of a passkey: its public key and the name it is for. */
const Kept = z.object({ publicKey: z.string(), rp: z.string(), transports: z.array(z.string()) });

interface Challenge {
  readonly challenge: string;
  /** The name that the browser reached the console by; the passkey is bound to it (WebAuthn 3, 5.1.2). */
  readonly rp: string;
  readonly origins: string[];
  /** The account that registers one; null at log-in. */
  readonly jid: string | null;
}

export type NewPasskey = Pick<FactorRow, "sealed" | "credential" | "counter">;

const challengeMs = 5 * 60_000;

/** The server's side of WebAuthn: what is asked of a browser, and whether its answer is good. */
export class Passkeys {
  readonly #factors: Factors;
  readonly #secrets: Secrets;
  readonly #clock: Clock;
  readonly #challenges: Pending<Challenge>;

  constructor(factors: Factors, secrets: Secrets, clock: Clock) {
    this.#factors = factors;
    this.#secrets = secrets;
    this.#clock = clock;
    this.#challenges = new Pending(clock, challengeMs, 10_000);
  }

  /** `host`: the request's `Host`. Throws `bad-input` for an IP address: passkeys are for names. */
  async prepare(jid: Jid, host: string): Promise<{ id: string; options: PublicKeyCredentialCreationOptionsJSON }> {
    const { rp, origins } = placeOf(host);
    const { generateRegistrationOptions } = await library();
    const known = (await this.#factors.of(jid.bare)).flatMap(({ credential }) => credential ?? []);
    const options = await generateRegistrationOptions({
      rpName: "Nightpost",
      rpID: rp,
      userName: jid.bare,
      userDisplayName: jid.bare,
      attestationType: "none",
      excludeCredentials: known.map((id) => ({ id })),
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
    });
    const id = this.#challenges.add({ challenge: options.challenge, rp, origins, jid: jid.bare });
    return { id, options };
  }

  /** null: the browser's answer is not one to this account's challenge. */
  async register(id: string, jid: Jid, response: string): Promise<NewPasskey | null> {
    const asked = this.#challenges.take(id);
    if (asked === undefined || asked.jid !== jid.bare) return null;
    const { verifyRegistrationResponse } = await library();
    const verified = await verifyRegistrationResponse({
      response: parsed<RegistrationResponseJSON>(response),
      expectedChallenge: asked.challenge,
      expectedOrigin: asked.origins,
      expectedRPID: asked.rp,
    }).catch(() => null);
    if (verified?.registrationInfo === undefined) return null;
    const { id: credential, publicKey, counter, transports } = verified.registrationInfo.credential;
    const kept = {
      publicKey: Buffer.from(publicKey).toString("base64url"),
      rp: asked.rp,
      transports: [...(transports ?? [])],
    };
    return { sealed: this.#secrets.seal(JSON.stringify(kept), purposeOf(jid.bare, credential)), credential, counter };
  }

  /** A challenge for whichever passkey somebody has here. */
  async ask(host: string): Promise<{ id: string; options: PublicKeyCredentialRequestOptionsJSON }> {
    const { rp, origins } = placeOf(host);
    const { generateAuthenticationOptions } = await library();
    const options = await generateAuthenticationOptions({ rpID: rp, userVerification: "required" });
    return { id: this.#challenges.add({ challenge: options.challenge, rp, origins, jid: null }), options };
  }

  /** The account whose passkey has answered the challenge; null: no good answer. A challenge is good for one try. */
  async verify(id: string, response: string): Promise<string | null> {
    const asked = this.#challenges.take(id);
    if (asked === undefined || asked.jid !== null) return null;
    const answer = parsed<AuthenticationResponseJSON>(response);
    const factor = typeof answer.id === "string" ? await this.#factors.byCredential(answer.id) : null;
    if (factor === null) return null;
    const { publicKey, rp } = Kept.parse(
      JSON.parse(this.#secrets.open(factor.sealed, purposeOf(factor.jid, answer.id))),
    );
    if (rp !== asked.rp) return null;
    const { verifyAuthenticationResponse } = await library();
    const verified = await verifyAuthenticationResponse({
      response: answer,
      expectedChallenge: asked.challenge,
      expectedOrigin: asked.origins,
      expectedRPID: rp,
      credential: {
        id: answer.id,
        publicKey: new Uint8Array(Buffer.from(publicKey, "base64url")),
        counter: factor.counter,
      },
    }).catch(() => null);
    if (verified?.verified !== true) return null;
    const { newCounter } = verified.authenticationInfo;
    return (await this.#factors.use(factor.id, newCounter, this.#clock.now())) ? factor.jid : null;
  }
}

// Loaded with the first passkey: most servers never need it.
const library = () => import("@simplewebauthn/server");

const purposeOf = (jid: string, credential: string): string => `passkey ${jid} ${credential}`;

/** TLS may end at a proxy, so the scheme is not known here; the browser's own rules keep plain HTTP to loopback. */
function placeOf(host: string): { rp: string; origins: string[] } {
  const url = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : null;
  const name = url?.hostname ?? "";
  if (name === "" || name.startsWith("[") || /^[\d.]+$/.test(name)) throw badInput("host", "passkey-needs-name");
  return { rp: name, origins: [`https://${host}`, `http://${host}`] };
}

/** The library checks the shape. Throws `bad-input`. */
function parsed<Response>(text: string): Response {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Response;
  } catch {
    // Said below.
  }
  throw badInput("response", "no-authenticator-answer");
}

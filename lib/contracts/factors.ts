import { z } from "zod";
import { Done, endpoint, JidText, secret, Timestamp } from "./endpoint.ts";
import { Password } from "./users.ts";

export const FactorKind = z.enum(["totp", "passkey"]);
export type FactorKind = z.infer<typeof FactorKind>;

export const Factor = z.object({
  id: z.string(),
  kind: FactorKind,
  name: z.string(),
  createdAt: Timestamp,
  lastUsedAt: Timestamp.nullable(),
});
export type Factor = z.infer<typeof Factor>;

const FactorName = z.string().trim().min(1).max(64);
const Started = z.string().min(1).max(64);
/** What the browser's authenticator answers (WebAuthn 3, 5.8): JSON text, checked by the server's library. */
export const WebAuthnResponse = secret(z.string().min(2).max(16_384));
/** What it is asked: `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON`. */
export const WebAuthnOptions = z.unknown();

/** Codes for when every factor is lost; each works once, and they are shown this one time. */
const Added = z.object({ factor: Factor, recoveryCodes: z.array(z.string()).nullable() });
const self = (audit: string) => ({ permission: "self", audit }) as const;

export const factors = {
  list: endpoint("GET", "/auth/factors", { permission: "self" }, "My second factors").output(
    z.object({
      items: z.array(Factor),
      recoveryCodes: z.int().describe("How many are left."),
      isRequired: z.boolean().describe("A role of mine takes one to use."),
    }),
  ),
  prepareTotp: endpoint(
    "POST",
    "/auth/factors/totp",
    self("factor.prepare-totp"),
    "Make the secret for an authenticator app (RFC 6238); it counts once a code has proved that the app has it",
  )
    .input(z.object({ password: Password }))
    .output(z.object({ id: Started, secret: z.string(), uri: z.string() })),
  addTotp: endpoint("POST", "/auth/factors/totp/{id}", self("factor.add-totp"), "Prove the app and keep it")
    .input(z.object({ id: Started, name: FactorName, code: secret(z.string().max(16)) }))
    .output(Added),
  preparePasskey: endpoint(
    "POST",
    "/auth/factors/passkey",
    self("factor.prepare-passkey"),
    "Begin to register a passkey for the name that the console is reached by",
  )
    .input(z.object({ password: Password }))
    .output(z.object({ id: Started, options: WebAuthnOptions })),
  addPasskey: endpoint("POST", "/auth/factors/passkey/{id}", self("factor.add-passkey"), "Keep the passkey")
    .input(z.object({ id: Started, name: FactorName, response: WebAuthnResponse }))
    .output(Added),
  remove: endpoint("POST", "/auth/factors/{id}/remove", self("factor.remove"), "Remove one of my second factors")
    .input(z.object({ id: Started, password: Password }))
    .output(Done),
  newRecoveryCodes: endpoint(
    "POST",
    "/auth/factors/recovery-codes",
    self("factor.recovery-codes"),
    "Make new recovery codes; the earlier ones are void",
  )
    .input(z.object({ password: Password }))
    .output(z.object({ recoveryCodes: z.array(z.string()) })),
  reset: endpoint(
    "DELETE",
    "/users/{jid}/factors",
    { permission: "roles:write", audit: "factor.reset" },
    "Take all second factors from an account that lost them; its console sessions end",
  )
    .input(z.object({ jid: JidText }))
    .output(z.object({ removed: z.int() })),
};

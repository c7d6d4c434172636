import { z } from "zod";

const Verified = z.object({ sessionId: z.string().min(1), jid: z.string().min(1) });
const Refusal = z.object({
  code: z.string(),
  retryAfterSeconds: z.number().optional(),
  ticket: z.string().optional(),
  factors: z.array(z.string()).optional(),
  clockSkewSeconds: z.number().optional(),
  owners: z.array(z.string()).optional(),
});

/** What a visitor proves themselves with, by the names of the form's fields. */
export type Credentials = Partial<Record<"jid" | "password" | "ticket" | "code" | "passkeyId" | "passkey", string>>;

/**
 * Asks the server whether this account may use the console. Throws an Error whose message is the reason's code, then what
 * the login page has to know of it, as JSON: `bad-credentials {}`, `throttled {"retryAfterSeconds":30}`.
 */
export async function verifyCredentials(credentials: Credentials, headers: Headers): Promise<z.infer<typeof Verified>> {
  const { jid, password, ticket, code, passkeyId, passkey } = credentials;
  const response = await fetch(`${process.env["NIGHTPOST_API"]}/api/v1/auth/verify`, {
    method: "POST",
    cache: "no-store",
    signal: AbortSignal.timeout(20_000),
    headers: {
      "content-type": "application/json",
      // Proves to the server that the address below was written by its own front.
      "x-nightpost-console": process.env["NIGHTPOST_CONSOLE_TOKEN"] ?? "",
    },
    body: JSON.stringify({
      ...(jid ? { jid } : {}),
      ...(password ? { password } : {}),
      ...(ticket ? { ticket } : {}),
      ...(code ? { code } : {}),
      ...(passkeyId && passkey ? { passkey: { id: passkeyId, response: passkey } } : {}),
      address: headers.get("x-forwarded-for")?.split(",")[0]?.trim().slice(0, 64) ?? "",
      userAgent: headers.get("user-agent")?.slice(0, 512) ?? "",
    }),
  }).catch(() => undefined);
  if (!response) throw new Error("unreachable {}");

  const body: unknown = await response.json().catch(() => null);
  const verified = Verified.safeParse(body);
  if (response.ok && verified.success) return verified.data;

  const refusal = Refusal.safeParse(body);
  const { code: reason, ...facts } = refusal.data ?? { code: response.status === 429 ? "throttled" : "unreachable" };
  const seconds = Number(response.headers.get("retry-after")) || facts.retryAfterSeconds;
  throw new Error(`${reason} ${JSON.stringify({ ...facts, ...(seconds ? { retryAfterSeconds: seconds } : {}) })}`);
}

import { z } from "zod";

const Verified = z.object({ sessionId: z.string().min(1), jid: z.string().min(1) });
const Refusal = z.object({ code: z.string(), retryAfterSeconds: z.number().optional() });

/**
 * Asks the server whether this account may use the console. Throws an Error whose message is the reason's code:
 * `bad-credentials`, `not-admin`, `throttled:SECONDS` or `unreachable`.
 */
export async function verifyCredentials(
  jid: string,
  password: string,
  headers: Headers,
): Promise<z.infer<typeof Verified>> {
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
      jid,
      password,
      address: headers.get("x-forwarded-for")?.split(",")[0]?.trim().slice(0, 64) ?? "",
      userAgent: headers.get("user-agent")?.slice(0, 512) ?? "",
    }),
  }).catch(() => undefined);
  if (!response) throw new Error("unreachable");

  const body: unknown = await response.json().catch(() => null);
  const verified = Verified.safeParse(body);
  if (response.ok && verified.success) return verified.data;

  const refusal = Refusal.safeParse(body);
  const code = refusal.success ? refusal.data.code : response.status === 429 ? "throttled" : "unreachable";
  if (code !== "throttled") throw new Error(code);
  const seconds = Number(response.headers.get("retry-after")) || (refusal.data?.retryAfterSeconds ?? 60);
  throw new Error(`throttled:${Math.ceil(seconds)}`);
}

import { z } from "zod";

const base = "/admin/api/auth";
const Csrf = z.object({ csrfToken: z.string() });
const Answer = z.object({ url: z.string() });

export type SignInResult =
  | { ok: true }
  | { ok: false; code: "bad-credentials" | "not-admin" | "unreachable" }
  | { ok: false; code: "throttled"; retryAfterSeconds: number };

/** Opens a console session; the cookie comes with the answer. Throws nothing. */
export async function signIn(jid: string, password: string): Promise<SignInResult> {
  try {
    const response = await post("callback/credentials", { jid, password });
    const { url } = Answer.parse(await response.json());
    const error = new URL(url, location.origin).searchParams.get("error");
    if (response.ok && !error) return { ok: true };
    return refusal(error ?? "unreachable");
  } catch {
    return { ok: false, code: "unreachable" };
  }
}

/** Drops the cookie. The session itself is ended by `auth.logout`. */
export async function signOut(): Promise<void> {
  await post("signout", {});
}

async function post(path: string, fields: Record<string, string>): Promise<Response> {
  const { csrfToken } = Csrf.parse(await (await fetch(`${base}/csrf`, { cache: "no-store" })).json());
  return fetch(`${base}/${path}`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ ...fields, csrfToken, json: "true" }),
  });
}

function refusal(error: string): SignInResult {
  const [code, seconds] = error.split(":");
  if (code === "throttled") return { ok: false, code, retryAfterSeconds: Number(seconds) || 60 };
  if (code === "bad-credentials" || code === "not-admin") return { ok: false, code };
  return { ok: false, code: "unreachable" };
}

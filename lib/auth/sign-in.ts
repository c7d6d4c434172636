import { z } from "zod";
import type { Credentials } from "./verify.ts";

const base = "/admin/api/auth";
const Csrf = z.object({ csrfToken: z.string() });
const Answer = z.object({ url: z.string() });
const Facts = z.object({
  retryAfterSeconds: z.number().catch(60).default(60),
  ticket: z.string().default(""),
  factors: z.array(z.string()).default([]),
  clockSkewSeconds: z.number().nullable().default(null),
  owners: z.array(z.string()).default([]),
});

export const refusals = [
  "bad-credentials",
  "not-admin",
  "bad-address",
  "bad-code",
  "bad-ticket",
  "throttled",
  "second-factor",
  "unreachable",
] as const;

export interface Refusal extends z.infer<typeof Facts> {
  readonly code: (typeof refusals)[number];
}

/** Opens a console session; the cookie comes with the answer. null: it is open. Throws nothing. */
export async function signIn(credentials: Credentials): Promise<Refusal | null> {
  try {
    const response = await post("callback/credentials", credentials);
    const { url } = Answer.parse(await response.json());
    const error = new URL(url, location.origin).searchParams.get("error");
    if (response.ok && !error) return null;
    return refusalOf(error ?? "");
  } catch {
    return refusalOf("");
  }
}

/** Drops the cookie. The session itself is ended by `auth.logout`. */
export async function signOut(): Promise<void> {
  await post("signout", {});
}

async function post(path: string, fields: Credentials): Promise<Response> {
  const { csrfToken } = Csrf.parse(await (await fetch(`${base}/csrf`, { cache: "no-store" })).json());
  return fetch(`${base}/${path}`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ ...fields, csrfToken, json: "true" }),
  });
}

/** The reverse of what `verifyCredentials` throws. */
export function refusalOf(text: string): Refusal {
  const space = text.indexOf(" ");
  const code = refusals.find((one) => one === (space < 0 ? text : text.slice(0, space))) ?? "unreachable";
  return { code, ...Facts.parse(factsIn(text.slice(space + 1))) };
}

function factsIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

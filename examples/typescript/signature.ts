import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

const toleranceSeconds = 300;

/** Does the request come from whoever knows the secret (Standard Webhooks, v1)? `body` is what came over the wire. */
export function isGenuine(secret: string, headers: IncomingHttpHeaders, body: Buffer, now = Date.now()): boolean {
  const id = String(headers["webhook-id"] ?? "");
  const at = String(headers["webhook-timestamp"] ?? "");
  if (id === "" || !(Math.abs(now / 1000 - Number(at)) < toleranceSeconds)) return false;
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const wanted = createHmac("sha256", key).update(`${id}.${at}.`).update(body).digest();
  return String(headers["webhook-signature"] ?? "")
    .split(" ")
    .filter((one) => one.startsWith("v1,"))
    .map((one) => Buffer.from(one.slice(3), "base64"))
    .some((given) => given.length === wanted.length && timingSafeEqual(given, wanted));
}

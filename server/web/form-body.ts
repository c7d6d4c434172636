import type { IncomingMessage } from "node:http";

const maxBytes = 8 * 1024;

/** The fields of a form that was sent, the first value of each; null: it is no form, or too long. */
export async function readFormBody(request: IncomingMessage): Promise<ReadonlyMap<string, string> | null> {
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") return null;
  const chunks: Buffer[] = [];
  let bytes = 0;
  // The answer still has to go out on the same connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) return null;
    chunks.push(chunk);
  }
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(Buffer.concat(chunks).toString("utf8")))
    if (!fields.has(name)) fields.set(name, value);
  return fields;
}

/** Whether a page of another site sent it. Browsers say so themselves; other clients have no user to deceive. */
export function isFromOtherSite({ headers }: IncomingMessage): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site !== "same-origin" && site !== "none";
  const { origin, host } = headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host?.toLowerCase();
}

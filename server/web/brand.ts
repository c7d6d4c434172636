import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Core } from "../core/core.ts";
import { brandSheet, brandSheetText, logoOf, logoPath } from "../features/brand.ts";
import type { HttpRoute } from "../net/http/front.ts";
import { refuse } from "../net/http/refuse.ts";

const logos = logoPath("");

const headers = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; sandbox",
  "cross-origin-resource-policy": "same-origin",
};

/** The sheet of the brand and its logos, for everybody: a logo is at an address of its own, by its hash, for good. */
export function brandRoutes(core: Core): readonly HttpRoute[] {
  return [
    { prefix: brandSheet, isExact: true, handle: (request, response) => sendSheet(core, request, response) },
    { prefix: logos, handle: (request, response, path) => sendLogo(core, request, response, path) },
  ];
}

async function sendSheet(core: Core, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isRead(request)) return refuse(response, 405, "It is only read.");
  const text = await brandSheetText(core);
  const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
  const isKnown = request.headers["if-none-match"] === etag;
  response.writeHead(isKnown ? 304 : 200, {
    ...headers,
    "content-type": "text/css; charset=utf-8",
    "cache-control": "no-cache",
    etag,
  });
  response.end(isKnown || request.method === "HEAD" ? undefined : text);
}

async function sendLogo(core: Core, request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  if (!isRead(request)) return refuse(response, 405, "It is only read.");
  const logo = await logoOf(core, path.slice(logos.length));
  if (logo === null) return refuse(response, 404, "There is nothing here.");
  response.writeHead(200, {
    ...headers,
    "content-type": logo.type,
    "content-length": logo.bytes.length,
    "cache-control": "public, max-age=31536000, immutable",
  });
  response.end(request.method === "HEAD" ? undefined : logo.bytes);
}

const isRead = ({ method }: IncomingMessage): boolean => method === "GET" || method === "HEAD";

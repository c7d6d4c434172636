import { createHash } from "node:crypto";
import http, { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from "node:http";
import { plainAddress } from "../address.ts";
import { isEncrypted } from "./front.ts";
import { refuse } from "./refuse.ts";

const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
// Headers that steer the framework behind the proxy: only this proxy may say such things.
const steering = /^(x-forwarded-|x-middleware-|x-nextjs-|x-real-ip$|forwarded$|x-nightpost-|x-invoke-|next-action$)/;
const staticPrefix = "/admin/_next/static/";
const formPrefix = "/admin/api/auth/";
const maxHtmlBytes = 4 * 1024 * 1024;
const maxFormBytes = 64 * 1024;

export interface ProxyTarget {
  /** Loopback port of the child; null while it is not there. */
  port(): number | null;
}

/** Passes requests on to the console's process and its answers back, with the headers that a browser is to obey. */
export function consoleProxy(
  target: ProxyTarget,
): (request: IncomingMessage, response: ServerResponse, path: string) => void {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  return (request, response, path) => {
    // No server actions, no image optimiser: neither is used, both have been ways in (design 1.7).
    if (request.headers["next-action"] !== undefined || path.startsWith("/admin/_next/image")) {
      refuse(response, 404, "There is nothing here.");
      return;
    }
    const objection = objectionTo(request, path);
    if (objection !== null) {
      // The body is not read, so the connection cannot be used again.
      response.setHeader("connection", "close");
      refuse(response, ...objection);
      return;
    }
    const port = target.port();
    if (port === null) {
      unavailable(response);
      return;
    }
    const upstream = http.request(
      {
        agent,
        host: "127.0.0.1",
        port,
        method: request.method,
        path: request.url,
        headers: requestHeaders(request, path),
      },
      (answer) => relay(request, answer, response, path),
    );
    upstream.setTimeout(30_000, () => upstream.destroy());
    upstream.on("error", () => {
      if (response.headersSent) response.destroy();
      else unavailable(response);
    });
    response.on("close", () => upstream.destroy());
    request.pipe(upstream);
  };
}

/**
 * Pages are read, and nothing but the login is sent to the console: a server action may also come as a form posted to any
 * page (CVE-2025-55182), and a body of any size would have to fit into the console's memory.
 */
function objectionTo({ method, headers }: IncomingMessage, path: string): [status: number, reason: string] | null {
  const length = headers["content-length"];
  if (method === "GET" || method === "HEAD") {
    // Such a body would travel on without its framing, and look like another request (RFC 9112 11.2).
    const hasBody = headers["transfer-encoding"] !== undefined || Number(length ?? 0) > 0;
    return hasBody ? [400, "A request for a page has no body."] : null;
  }
  if (method !== "POST" || !path.startsWith(formPrefix)) return [405, "Pages are only read."];
  if (length === undefined) return [411, "The length of the form is missing."];
  return Number(length) > maxFormBytes ? [413, "The form is too large."] : null;
}

function requestHeaders(request: IncomingMessage, path: string): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !hopByHop.has(name) && !steering.test(name)) headers[name] = value;
  }
  const scheme = isEncrypted(request) ? "https" : "http";
  headers["x-forwarded-for"] = plainAddress(request.socket.remoteAddress ?? "");
  headers["x-forwarded-proto"] = scheme;
  headers["x-forwarded-host"] = request.headers.host;
  // The inline scripts of pages are hashed here, so pages must come as text.
  if (!path.startsWith(staticPrefix)) headers["accept-encoding"] = "identity";
  return headers;
}

function relay(request: IncomingMessage, answer: IncomingMessage, response: ServerResponse, path: string): void {
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined && !hopByHop.has(name) && !steering.test(name) && name !== "x-powered-by")
      headers[name] = value;
  }
  headers["x-content-type-options"] = "nosniff";
  headers["referrer-policy"] = "same-origin";
  headers["cross-origin-opener-policy"] = "same-origin";
  if (!path.startsWith(staticPrefix)) headers["cache-control"] = "no-store";
  const isHtml = answer.headers["content-type"]?.startsWith("text/html") ?? false;
  if (!isHtml || request.method === "HEAD") {
    if (isHtml) headers["content-security-policy"] = contentSecurityPolicy("");
    response.writeHead(answer.statusCode ?? 502, headers);
    answer.pipe(response);
    return;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  answer.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxHtmlBytes) answer.destroy(new Error("page too large"));
    else chunks.push(chunk);
  });
  answer.on("error", () => response.destroy());
  answer.on("end", () => {
    const body = Buffer.concat(chunks);
    headers["content-security-policy"] = contentSecurityPolicy(body.toString("utf8"));
    headers["content-length"] = body.length;
    response.writeHead(answer.statusCode ?? 502, headers);
    response.end(body);
  });
}

const inlineScripts = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi;
const policies = new Map<string, string>();

/**
 * A policy that lets exactly this page's inline scripts run, by their hashes. Pages are static shells without anybody's
 * data in them, so what is in the page is what the build put there; the policies are remembered per page text.
 */
export function contentSecurityPolicy(html: string): string {
  const key = createHash("sha256").update(html).digest("base64");
  const known = policies.get(key);
  if (known !== undefined) return known;
  const hashes = Array.from(
    html.matchAll(inlineScripts),
    (match) => `'sha256-${createHash("sha256").update(match[1]!).digest("base64")}'`,
  );
  const policy = [
    "default-src 'self'",
    `script-src 'self' ${[...new Set(hashes)].join(" ")}`.trim(),
    // Virtual rows and toasts place themselves by style attributes.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
  if (policies.size > 500) policies.clear();
  policies.set(key, policy);
  return policy;
}

function unavailable(response: ServerResponse): void {
  response.writeHead(503, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "retry-after": "1",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
  });
  response.end(
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="1"><title>Nightpost</title>' +
      "<p>The console is starting. Chat works meanwhile. · 控制台正在启动，聊天不受影响。</p></html>\n",
  );
}

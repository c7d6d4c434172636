import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Log } from "../core/log.ts";
import { plainAddress } from "../core/network.ts";
import { isSameOrigin, type Callers } from "./actor.ts";
import { readJson } from "./body.ts";
import { Call } from "./call.ts";
import { local, type Caller } from "./caller.ts";
import { problemBody, refused } from "./errors.ts";
import { toAdminError } from "./fault.ts";
import type { Reference } from "./reference.ts";
import type { AdminRouter } from "./router.ts";
import { isRows, rowHeaders, writeRows } from "./row-stream.ts";

export const apiPrefix = "/api/v1";

const limits = { nobody: 64 * 1024, caller: 1024 * 1024, import: 8 * 1024 * 1024 };

// The API is data: nothing that it answers is ever to be rendered, framed, kept or read by another site.
const headers = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** `control`: the Unix socket in the data directory, whose file permission is the authentication. */
export type Way = "http" | "control";

/** Serves `/api/v1/*` on any node HTTP server. */
export class AdminHttp {
  readonly #router: AdminRouter;
  readonly #callers: Callers;
  readonly #reference: Reference;
  readonly #consoleToken: string;
  readonly #log: Log;

  constructor(parts: { router: AdminRouter; callers: Callers; reference: Reference; consoleToken: string; log: Log }) {
    this.#router = parts.router;
    this.#callers = parts.callers;
    this.#reference = parts.reference;
    this.#consoleToken = parts.consoleToken;
    this.#log = parts.log.for("admin");
  }

  /** Answers the request; false when its path is not of the admin API. Never rejects. */
  handle = (request: IncomingMessage, response: ServerResponse, through: Way = "http"): boolean | Promise<boolean> => {
    if (!request.url?.startsWith(`${apiPrefix}/`)) return false;
    return this.#answer(request, response, through).then(() => true);
  };

  async #answer(request: IncomingMessage, response: ServerResponse, through: Way): Promise<void> {
    const requestId = randomBytes(9).toString("base64url");
    try {
      const url = new URL(request.url!, "http://nightpost.invalid");
      if (request.method === "GET" && (await this.#reference.serve(url.pathname, response))) return;
      const address = addressOf(request, through);
      const caller = await this.#identify(request, address, through);
      const call = new Call({
        caller,
        address,
        requestId,
        host: request.headers.host ?? "",
        userAgent: (request.headers["user-agent"] ?? "").slice(0, 512),
        isFromConsole: isEqual(request.headers["x-nightpost-console"], this.#consoleToken),
      });
      const maxBytes = maxBytesFor(caller, url.pathname);
      const body = request.method === "GET" ? undefined : await readJson(request, maxBytes);
      const result = await this.#router.handle(
        { method: request.method ?? "GET", url, headers: {}, signal: undefined, body: async () => body },
        { prefix: apiPrefix, context: { call } },
      );
      if (!result.matched) throw refused("not-found", "no-such-entry");
      const { status, body: answer } = result.response;
      if (status >= 400) sendProblem(response, { ...Object(answer), requestId });
      else if (isRows(answer)) await this.#sendRows(response, url, answer, requestId);
      else send(response, status, "application/json", answer, requestId);
    } catch (thrown) {
      const error = toAdminError(thrown);
      // The door logs what fails behind it; this failed in front of it.
      if (error.code === "internal")
        this.#log.error("a request failed", { request: requestId, error: String(error.cause) });
      // What is left of a body that was not read would be taken for the next request.
      if (!request.complete) response.setHeader("connection", "close");
      sendProblem(response, problemBody(error, requestId));
    }
  }

  /** A list from end to end. Once it has begun there is no way to say that it failed but to break it off. */
  async #sendRows(response: ServerResponse, url: URL, rows: AsyncIterable<unknown>, requestId: string): Promise<void> {
    const format = url.searchParams.get("format") === "csv" ? "csv" : "ndjson";
    const name = url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
    response.writeHead(200, { ...headers, ...rowHeaders(name, format), "x-request-id": requestId });
    try {
      await writeRows(rows, format, response);
    } catch (error) {
      this.#log.error("an export broke off", { request: requestId, error: String(error) });
      response.destroy();
    }
  }

  async #identify(request: IncomingMessage, address: string, through: Way): Promise<Caller> {
    if (through === "control") return local;
    const isWrite = request.method !== "GET";
    if (isWrite && request.headers.authorization === undefined && !isSameOrigin(request.headers))
      throw refused("forbidden", "other-origin");
    return this.#callers.identify(request.headers, address);
  }
}

/** IP address of the client; IPv4 in its own notation. */
export function addressOf(request: IncomingMessage, through: Way): string {
  if (through === "control") return "local";
  return plainAddress(request.socket.remoteAddress ?? "");
}

function maxBytesFor(caller: Caller, path: string): number {
  if (caller.kind === "nobody") return limits.nobody;
  const isBulk = path === `${apiPrefix}/users/import` || path.startsWith(`${apiPrefix}/data/import/`);
  return isBulk ? limits.import : limits.caller;
}

function isEqual(given: IncomingHttpHeaders[string], secret: string): boolean {
  if (typeof given !== "string") return false;
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function sendProblem(response: ServerResponse, problem: Record<string, unknown>): void {
  const { status, requestId, retryAfterSeconds } = problem;
  if (typeof retryAfterSeconds === "number") response.setHeader("retry-after", String(Math.ceil(retryAfterSeconds)));
  if (status === 401) response.setHeader("www-authenticate", "Bearer");
  send(response, Number(status), "application/problem+json", problem, String(requestId));
}

function send(response: ServerResponse, status: number, type: string, body: unknown, requestId: string): void {
  if (response.headersSent || response.destroyed) return;
  const text = Buffer.from(JSON.stringify(body ?? {}));
  response.writeHead(status, {
    ...headers,
    "content-type": type,
    "content-length": text.length,
    "x-request-id": requestId,
  });
  response.end(text);
}

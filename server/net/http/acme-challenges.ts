import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpRoute } from "./front.ts";
import { refuse } from "./refuse.ts";

const challengePath = "/.well-known/acme-challenge";

/** Answers HTTP-01 challenges (RFC 8555 8.3), unencrypted and under any name, as the authority asks them. */
export class HttpChallenges {
  readonly #pending = new Map<string, string>();

  readonly route: HttpRoute = {
    prefix: challengePath,
    isOpen: true,
    handle: (request, response, path) => this.#handle(request, response, path),
  };

  /** Answers with this text, until the function returned is called. */
  add(token: string, keyAuthorization: string): () => void {
    this.#pending.set(token, keyAuthorization);
    return () => this.#pending.delete(token);
  }

  #handle(request: IncomingMessage, response: ServerResponse, path: string): void {
    const text = this.#pending.get(path.slice(challengePath.length + 1));
    if (text === undefined) {
      refuse(response, 404, "There is no such challenge.");
      return;
    }
    response.writeHead(200, { "content-type": "application/octet-stream", "cache-control": "no-store" });
    response.end(request.method === "HEAD" ? undefined : text);
  }
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { escapeAttribute } from "../../xmpp/escape.ts";
import { refuse } from "./refuse.ts";

/** A way to connect (XEP-0156 3.2). */
export interface Link {
  readonly rel: string;
  readonly href: string;
}

export interface HostMetaOptions {
  /** Under which clients reach the HTTP listener, such as `https://chat.example.org`; null: as the request has it. */
  readonly publicUrl: string | null;
  /** Path of the WebSocket endpoint; null: there is none. */
  readonly websocket: string | null;
  /** Path of the BOSH endpoint; null: there is none. */
  readonly bosh: string | null;
  /** Whether the request's answer crosses no network unencrypted. */
  isSecure(request: IncomingMessage): boolean;
  /** Whether it came in over TLS, here or at a proxy. */
  isEncrypted(request: IncomingMessage): boolean;
}

export const hostMetaPath = "/.well-known/host-meta";
const websocketRel = "urn:xmpp:alt-connections:websocket";
const boshRel = "urn:xmpp:alt-connections:xbosh";

/** Tells web clients where to connect (XEP-0156): `/.well-known/host-meta` as XRD and `host-meta.json`. */
export class HostMeta {
  readonly #options: HostMetaOptions;

  constructor(options: HostMetaOptions) {
    this.#options = options;
  }

  handle(request: IncomingMessage, response: ServerResponse, path: string): void {
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("allow", "GET, HEAD");
      refuse(response, 405, "This can be read only.");
      return;
    }
    const isJson = path.endsWith(".json");
    const links = this.links(request);
    const text = isJson ? JSON.stringify({ links }) : xrd(links);
    response.writeHead(200, {
      "content-length": Buffer.byteLength(text),
      "content-type": isJson ? "application/json" : "application/xrd+xml; charset=utf-8",
      // XEP-0156 5: a web client is served from elsewhere as a rule.
      "access-control-allow-origin": "*",
      "cache-control": "max-age=300",
      "x-content-type-options": "nosniff",
    });
    response.end(request.method === "HEAD" ? undefined : text);
  }

  /** The ways to connect that are told in the answer to `request`, whose Host was admitted. */
  links(request: IncomingMessage): Link[] {
    const { publicUrl, websocket, bosh } = this.#options;
    const base = publicUrl === null ? this.#origin(request) : publicUrl.replace(/\/+$/, "");
    const links: Link[] = [];
    if (websocket !== null) links.push({ rel: websocketRel, href: `${base.replace(/^http/, "ws")}${websocket}` });
    if (bosh !== null) links.push({ rel: boshRel, href: `${base}${bosh}` });
    return links;
  }

  // On loopback there may be no certificate that a browser takes; anywhere else unencrypted ways are none.
  #origin(request: IncomingMessage): string {
    const isPlain = !this.#options.isEncrypted(request) && this.#options.isSecure(request);
    return `${isPlain ? "http" : "https"}://${request.headers.host ?? ""}`;
  }
}

function xrd(links: readonly Link[]): string {
  const texts = links.map(({ rel, href }) => `  <Link rel='${rel}' href='${escapeAttribute(href)}'/>\n`);
  return `<?xml version='1.0' encoding='utf-8'?>\n<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>\n${texts.join("")}</XRD>\n`;
}

import type { Config } from "../config/schema.ts";
import type { Core } from "../core/core.ts";
import type { HttpRoute } from "../net/http/front.ts";
import { peerOf } from "../net/http/peer.ts";
import type { TrustedSources } from "../net/trusted-sources.ts";
import { AccountPages, type AccountPagesOptions, pagePrefixes } from "../web/pages.ts";
import { urlHost } from "./addresses.ts";

/** The pages of invites, web registration and password resets. */
export function accountPages(
  core: Core,
  trusted: TrustedSources,
  endConsoleSessions: AccountPagesOptions["endConsoleSessions"],
): HttpRoute[] {
  const pages = new AccountPages({ core, visitorOf: (request) => peerOf(request, trusted), endConsoleSessions });
  return pagePrefixes.map((prefix) => ({
    prefix,
    handle: (request, response, path) => pages.handle(request, response, path),
  }));
}

/** Where the links in invites lead: the public URL if there is one, else the host's own name and the port of the listener. */
export function servePages(core: Core, { http }: Config, port: number): void {
  const publicUrl = http.publicUrl?.replace(/\/+$/, "");
  core.invitations.servePages((host) => publicUrl ?? `https://${urlHost(host)}:${port}`);
}

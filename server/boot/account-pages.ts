import type { Config } from "../config/schema.ts";
import type { Core } from "../core/core.ts";
import { invitationsOf } from "../features/invitations.ts";
import type { HttpRoute } from "../net/http/front.ts";
import { peerOf } from "../net/http/peer.ts";
import type { TrustedSources } from "../net/trusted-sources.ts";
import { AccountPages, type AccountPagesOptions, pagePrefixes } from "../web/pages.ts";

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

/** Where the links in invites lead. */
export function servePages(core: Core, config: Config, port: number): void {
  invitationsOf(core).servePages(publicOrigin(config, port));
}

/** Where links lead that a host gives out: the public URL if there is one, else its own name and the port of the listener. */
export function publicOrigin({ http }: Config, port: number): (host: string) => string {
  const publicUrl = http.publicUrl?.replace(/\/+$/, "");
  return (host) => publicUrl ?? originOf(host, port);
}

function originOf(host: string, port: number): string {
  const url = new URL(`https://${host}`);
  url.port = String(port);
  return url.origin;
}

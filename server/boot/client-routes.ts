import type { IncomingMessage } from "node:http";
import type { Config } from "../config/schema.ts";
import type { ClientService } from "../core/client-service.ts";
import type { AddressLimits } from "../net/address-limits.ts";
import { BoshEndpoint } from "../net/bosh/endpoint.ts";
import { type HttpRoute, isEncrypted } from "../net/http/front.ts";
import { HostMeta, hostMetaPath } from "../net/http/host-meta.ts";
import { AllowedOrigins } from "../net/http/origins.ts";
import { peerOf, wasEncrypted } from "../net/http/peer.ts";
import { refuse } from "../net/http/refuse.ts";
import type { TrustedSources } from "../net/trusted-sources.ts";
import { WebSocketEndpoint } from "../net/websocket/endpoint.ts";

const websocketPath = "/xmpp-websocket";
/** What other servers call it. */
const websocketAlias = "/ws";
const boshPath = "/http-bind";

/** Where web clients connect, on the HTTP listener. `limits` are those of all client connections. */
export function clientRoutes(
  config: Config,
  clients: ClientService,
  limits: AddressLimits,
  trusted: TrustedSources,
): HttpRoute[] {
  const { http } = config;
  const origins = new AllowedOrigins(http.origins);
  const mayBeInsecure = config.c2s.starttls === "optional";
  const peer = (request: IncomingMessage) => peerOf(request, trusted);
  const routes: HttpRoute[] = [];

  if (http.websocket) {
    const endpoint = new WebSocketEndpoint({
      limits,
      origins,
      peerOf: peer,
      mayBeInsecure,
      accept: (open) => clients.carry(open),
    });
    for (const prefix of [websocketPath, websocketAlias]) {
      routes.push({
        prefix,
        isExact: true,
        handle: (_request, response) => endpoint.explain(response),
        upgrade: (request, socket, head) => endpoint.upgrade(request, socket, head),
      });
    }
  }

  if (http.bosh) {
    const endpoint = new BoshEndpoint({
      limits,
      origins,
      peerOf: peer,
      mayBeInsecure,
      accept: (open) => clients.carry(open),
    });
    routes.push({ prefix: boshPath, isExact: true, handle: (request, response) => endpoint.handle(request, response) });
  }

  const hostMeta = new HostMeta({
    publicUrl: http.publicUrl,
    websocket: http.websocket ? websocketPath : null,
    bosh: http.bosh ? boshPath : null,
    isSecure: (request) => peer(request).isSecure,
    isEncrypted: (request) => isEncrypted(request) || wasEncrypted(request, trusted),
  });
  for (const prefix of [hostMetaPath, `${hostMetaPath}.json`]) {
    routes.push({
      prefix,
      isExact: true,
      handle: (request, response, path) => {
        if (http.websocket || http.bosh) hostMeta.handle(request, response, path);
        else refuse(response, 404, "There is nothing here.");
      },
    });
  }
  return routes;
}

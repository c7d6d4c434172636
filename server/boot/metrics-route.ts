import { AdminError } from "../admin/errors.ts";
import type { AdminApi } from "../admin/index.ts";
import { prometheusType } from "../admin/metrics/prometheus.ts";
import type { Config } from "../config/schema.ts";
import { isLoopback, plainAddress } from "../net/address.ts";
import type { HttpRoute } from "../net/http/front.ts";
import { peerOf } from "../net/http/peer.ts";
import { refuse } from "../net/http/refuse.ts";
import type { TrustedSources } from "../net/trusted-sources.ts";

/** `/metrics` for Prometheus, unless it is switched off. */
export function metricsRoute({ http }: Config, admin: AdminApi, trusted: TrustedSources): HttpRoute[] {
  if (http.metrics === "off") return [];
  return [
    {
      prefix: "/metrics",
      isExact: true,
      handle: async (request, response) => {
        const { headers, socket } = request;
        // A proxy on this machine speaks for somebody else, and says so, or does not: then nobody can tell.
        const isForwarded = headers["x-forwarded-for"] !== undefined || headers["forwarded"] !== undefined;
        const isLocal = isLoopback(plainAddress(socket.remoteAddress ?? "")) && !isForwarded;
        try {
          const text = await admin.metricsText({
            authorization: headers.authorization,
            address: peerOf(request, trusted).address,
            isTrusted: http.metrics === "loopback" && isLocal,
          });
          response.writeHead(200, {
            "content-type": prometheusType,
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
          });
          response.end(text);
        } catch (error) {
          if (!(error instanceof AdminError)) throw error;
          if (error.status === 401) response.setHeader("www-authenticate", "Bearer");
          refuse(response, error.status, "The metrics are for holders of an API key with server:read.");
        }
      },
    },
  ];
}

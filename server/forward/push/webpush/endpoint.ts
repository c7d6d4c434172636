import { attemptError } from "../../../../lib/contracts/attempt-errors.ts";
import type { WebPushTarget } from "../../../../lib/contracts/forward-target.ts";
import { refusalOfProvider } from "../../http/origins.ts";

/** Push services of Chrome and its kin, Firefox, Safari, and Edge on Windows; and how their endpoints' paths begin. */
const browserServices: readonly (readonly [service: string, path: RegExp])[] = [
  ["fcm.googleapis.com", /^\/(?:fcm\/send|wp)\//],
  ["*.push.services.mozilla.com", /^\/wpush\//],
  ["web.push.apple.com", /^\//],
  ["*.notify.windows.com", /^\/w\//],
];
const maxEndpointLength = 2048;
const endLength = 6;

/** What a target says about where it sends to. */
export type Allowed = Pick<WebPushTarget, "services" | "allowPrivate">;

/**
 * Why nothing is sent to this endpoint; null when it may be. Endpoints come from clients, so that only push services that are
 * known, or that the target names, are ever asked: over HTTPS, and over HTTP only by targets that allow private addresses.
 */
export function refusalOfEndpoint(endpoint: string, { services, allowPrivate }: Allowed): string | null {
  if (endpoint.length > maxEndpointLength) return attemptError("endpoint-too-long", { most: maxEndpointLength });
  const refusal = refusalOfProvider(endpoint, allowPrivate);
  if (refusal !== null) return refusal;
  const { hostname } = new URL(endpoint);
  const isKnown = browserServices.some(([service]) => covers(service, hostname));
  if (isKnown || services.some((service) => covers(service, hostname))) return null;
  return attemptError("service-not-allowed", { service: hostname });
}

/**
 * The push service of a browser, where the endpoint is such as a browser gets from it; else null. Other paths there may be
 * another thing than push, and answer so.
 */
export function browserServiceOf({ hostname, pathname }: URL): string | null {
  const found = browserServices.find(([service, path]) => covers(service, hostname) && path.test(pathname));
  return found?.[0] ?? null;
}

function covers(service: string, hostname: string): boolean {
  const wanted = service.toLowerCase();
  return wanted.startsWith("*.") ? hostname.endsWith(wanted.slice(1)) : hostname === wanted;
}

/**
 * Enough of an endpoint to recognise it: its origin and the end of its path. Whoever knows all of it, and has the target's
 * key, can push to the browser.
 */
export function shortEndpoint(endpoint: string): string {
  const url = URL.parse(endpoint);
  if (url === null) return "***";
  const path = url.pathname + url.search;
  return path.length <= 2 * endLength ? `${url.origin}/…` : `${url.origin}/…${path.slice(-endLength)}`;
}

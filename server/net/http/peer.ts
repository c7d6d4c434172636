import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { isLoopback, plainAddress } from "../address.ts";
import { wasEncryptedAtProxy } from "../proxied.ts";
import type { TrustedSources } from "../trusted-sources.ts";
import { isEncrypted } from "./front.ts";

/** Who sent a request, behind the proxies that are believed. */
export interface Peer {
  readonly address: string;
  readonly port: number;
  /** Nobody on the way could read along, as far as can be told: it was encrypted, or did not leave the machine. */
  readonly isSecure: boolean;
}

/**
 * Who sent the request. A proxy that is trusted says it in `X-Forwarded-For`, where the last address that is none of the
 * trusted ones' own counts, and in `X-Forwarded-Proto`; from anybody else both mean nothing.
 */
export function peerOf(request: IncomingMessage, trusted: TrustedSources): Peer {
  const { socket, headers } = request;
  const direct = plainAddress(socket.remoteAddress ?? "");
  const port = socket.remotePort ?? 0;
  const forwardedFor = headers["x-forwarded-for"];
  const isForwarded = forwardedFor !== undefined || headers["x-forwarded-proto"] !== undefined;
  if (!isForwarded || !trusted.has(direct)) {
    const isSecure = isEncrypted(request) || wasEncryptedAtProxy(socket) || isLoopback(direct);
    return { address: direct, port, isSecure };
  }
  const address = clientOf(listed(forwardedFor), direct, trusted);
  return { address, port: address === direct ? port : 0, isSecure: saysHttps(request) };
}

/** Whether a trusted proxy says that it got the request encrypted. */
export function wasEncrypted(request: IncomingMessage, trusted: TrustedSources): boolean {
  const { socket } = request;
  return wasEncryptedAtProxy(socket) || (saysHttps(request) && trusted.has(socket.remoteAddress ?? ""));
}

function saysHttps({ headers }: IncomingMessage): boolean {
  return listed(headers["x-forwarded-proto"]).at(-1)?.toLowerCase() === "https";
}

function clientOf(forwardedFor: readonly string[], direct: string, trusted: TrustedSources): string {
  let client = direct;
  for (const entry of forwardedFor.toReversed()) {
    const address = plainAddress(entry.replace(/^\[(.*)\]$/, "$1"));
    if (isIP(address) === 0) break;
    client = address;
    if (!trusted.has(address)) break;
  }
  return client;
}

// Node joins repeated headers it knows nothing about with commas, in their order.
function listed(header: string | readonly string[] | undefined): string[] {
  return String(header ?? "")
    .split(",")
    .flatMap((entry) => (entry.trim() === "" ? [] : [entry.trim()]));
}

import { createHash, type X509Certificate } from "node:crypto";
import type { SecureContext, TLSSocket } from "node:tls";

/** RFC 9266 and RFC 5929. `tls-unique` is left out: it is not safe before TLS 1.3 and does not exist in it. */
export type ChannelBindingType = "tls-exporter" | "tls-server-end-point";

/** What a SASL exchange over this TLS connection can be bound to. */
export interface ChannelBindings {
  /** Best first. */
  readonly types: readonly ChannelBindingType[];
  /** The data of one type; undefined when the connection does not have it. */
  data(type: string): Buffer | undefined;
}

const exporterLabel = "EXPORTER-Channel-Binding";
const exporterBytes = 32;

/** The channel bindings of an established TLS connection. `context`: the only one that can have been used; null: one of several. */
export function channelBindings(socket: TLSSocket, context: SecureContext | null = null): ChannelBindings {
  const endPoint = context === null ? serverEndPoint(socket) : endPointOf(context, socket);
  // RFC 9266 4.2: with TLS 1.2 it would need the extended master secret, of which Node says nothing.
  const mayExport = socket.getProtocol() === "TLSv1.3";
  const types: ChannelBindingType[] = [];
  if (mayExport) types.push("tls-exporter");
  if (endPoint !== undefined) types.push("tls-server-end-point");
  return {
    types,
    data(type) {
      if (type === "tls-exporter" && mayExport) {
        return socket.exportKeyingMaterial(exporterBytes, exporterLabel, Buffer.alloc(0));
      }
      return type === "tls-server-end-point" ? endPoint : undefined;
    },
  };
}

const byContext = new WeakMap<SecureContext, { readonly hash: Buffer | undefined }>();

/** Which certificate it was costs more to ask than all the rest, and a context has one. */
function endPointOf(context: SecureContext, socket: TLSSocket): Buffer | undefined {
  let known = byContext.get(context);
  if (known === undefined) byContext.set(context, (known = { hash: serverEndPoint(socket) }));
  return known.hash;
}

const hashes = new Map<string, Buffer | undefined>();
const maxHashes = 1_000;

// RFC 5929 4.1. Every login asks, and a server has few certificates.
function serverEndPoint(socket: TLSSocket): Buffer | undefined {
  const certificate = socket.getX509Certificate();
  if (certificate === undefined) return undefined;
  const key = certificate.fingerprint256;
  if (!hashes.has(key)) {
    if (hashes.size >= maxHashes) hashes.clear();
    hashes.set(key, certificateHash(certificate));
  }
  return hashes.get(key);
}

/** The certificate's hash by the hash function of its signature (RFC 5929 4.1); undefined where the RFC defines none. */
export function certificateHash(certificate: X509Certificate): Buffer | undefined {
  const algorithm = signatureHash(certificate.signatureAlgorithm ?? "");
  return algorithm === undefined ? undefined : createHash(algorithm).update(certificate.raw).digest();
}

function signatureHash(signatureAlgorithm: string): string | undefined {
  const name = signatureAlgorithm.toLowerCase();
  if (/md5|sha-?1(?!\d)|with-?sha1$/.test(name)) return "sha256";
  const match = /sha-?(224|256|384|512)/.exec(name);
  return match === null ? undefined : `sha${match[1]}`;
}

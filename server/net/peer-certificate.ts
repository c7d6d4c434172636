import { isIP } from "node:net";
import type { TLSSocket } from "node:tls";
import { domainToASCII } from "node:url";
import { addressesIn, serviceNamesIn, verifiedCertificate } from "./client-certificate.ts";

/** Names in the subject are not looked at (RFC 9525 2), and a wildcard is a whole label. */
const checks = { subject: "never", partialWildcards: false } as const;

/**
 * Whether the peer has shown a valid certificate of a server of the domain: one with the name as DNS-ID, SRV-ID or XmppAddr (RFC
 * 6120 13.7.1.2, RFC 9525 6.3).
 */
export function isCertifiedFor(socket: TLSSocket, domain: string, now: number): boolean {
  const certificate = verifiedCertificate(socket, now);
  if (certificate === undefined) return false;
  const name = domain.replace(/^\[(.*)\]$/, "$1");
  if (isIP(name) !== 0) return certificate.checkIP(name) !== undefined;
  const ascii = domainToASCII(domain);
  if (ascii === "") return false;
  if (certificate.checkHost(ascii, checks) !== undefined) return true;
  const service = `_xmpp-server.${ascii}`;
  if (serviceNamesIn(certificate.raw).some((one) => one.toLowerCase() === service)) return true;
  return addressesIn(certificate.raw).includes(domain);
}

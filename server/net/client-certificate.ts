import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";

/** RFC 6120 13.7.1.4: id-on-xmppAddr, 1.3.6.1.5.5.7.8.5. */
const xmppAddr = Buffer.from([0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x08, 0x05]);
/** RFC 5280 4.2.1.6: id-ce-subjectAltName, 2.5.29.17. */
const subjectAltName = Buffer.from([0x55, 0x1d, 0x11]);
/** RFC 4985 2: id-on-dnsSRV, 1.3.6.1.5.5.7.8.7. */
const dnsSrv = Buffer.from([0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x08, 0x07]);
const sequence = 0x30;
const objectIdentifier = 0x06;
const utf8String = 0x0c;
const ia5String = 0x16;
const explicit = (number: number): number => 0xa0 | number;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The addresses in a client's certificate (XEP-0178 2), as they are written there: empty without a certificate, or with one
 * that nobody vouches for.
 */
export function certifiedAddresses(socket: TLSSocket, now: number): string[] {
  const certificate = verifiedCertificate(socket, now);
  return certificate === undefined ? [] : addressesIn(certificate.raw);
}

/** The certificate of a peer, if somebody vouches for it and it has not run out. */
export function verifiedCertificate(socket: TLSSocket, now: number): X509Certificate | undefined {
  // null after the end of the connection.
  const certificate: X509Certificate | null | undefined = socket.getPeerX509Certificate();
  if (certificate === undefined || certificate === null || !isVerified(socket)) return undefined;
  // A resumed TLS session goes without another look at the dates.
  const isCurrent = now >= certificate.validFromDate.getTime() && now <= certificate.validToDate.getTime();
  return isCurrent ? certificate : undefined;
}

// Node tells of it through `authorized`, which it sets for the sockets of a tls.Server only.
function isVerified(socket: TLSSocket): boolean {
  const handle: unknown = Reflect.get(socket, "_handle");
  if (typeof handle !== "object" || handle === null) return false;
  const verifyError: unknown = Reflect.get(handle, "verifyError");
  if (typeof verifyError !== "function") return false;
  const error: unknown = verifyError.call(handle);
  return error === null || error === undefined;
}

/** One value of ASN.1 in DER (ITU-T X.690 8.1). */
interface Value {
  readonly tag: number;
  readonly content: Buffer;
}

/** The addresses in the subjectAltName of a certificate in DER; none where it is not what RFC 5280 4.1 says. */
export function addressesIn(certificate: Buffer): string[] {
  return otherNamesIn(certificate, xmppAddr, utf8String);
}

/** The service names (RFC 4985) in the subjectAltName, such as `_xmpp-server.example.org`. */
export function serviceNamesIn(certificate: Buffer): string[] {
  return otherNamesIn(certificate, dnsSrv, ia5String);
}

function otherNamesIn(certificate: Buffer, kind: Buffer, encoding: number): string[] {
  const [outer] = valuesIn(certificate);
  const [body] = outer === undefined ? [] : valuesIn(outer.content);
  if (body === undefined) return [];
  const wrapper = valuesIn(body.content).find(({ tag }) => tag === explicit(3));
  const [list] = wrapper === undefined ? [] : valuesIn(wrapper.content);
  if (list === undefined) return [];
  return valuesIn(list.content).flatMap(({ content }) => {
    const parts = valuesIn(content);
    if (parts[0]?.tag !== objectIdentifier || !parts[0].content.equals(subjectAltName)) return [];
    const [names] = valuesIn(parts.at(-1)!.content);
    return names?.tag === sequence ? valuesIn(names.content).flatMap((name) => textOf(name, kind, encoding)) : [];
  });
}

/** otherName is [0]; its value is [0] as well. */
function textOf({ tag, content }: Value, kind: Buffer, encoding: number): string[] {
  if (tag !== explicit(0)) return [];
  const [type, wrapper] = valuesIn(content);
  if (type?.tag !== objectIdentifier || !type.content.equals(kind) || wrapper?.tag !== explicit(0)) return [];
  const [text] = valuesIn(wrapper.content);
  if (text?.tag !== encoding) return [];
  try {
    return [decoder.decode(text.content)];
  } catch {
    return [];
  }
}

/** The values that some bytes consist of; none when they are cut or of indefinite length. */
function valuesIn(bytes: Buffer): Value[] {
  const values: Value[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at]!;
    const first = bytes[at + 1] ?? 0x80;
    const size = first < 0x80 ? 0 : first & 0x7f;
    if (first === 0x80 || size > 3 || at + 2 + size > bytes.length) return [];
    const length = size === 0 ? first : bytes.readUIntBE(at + 2, size);
    const start = at + 2 + size;
    if (start + length > bytes.length) return [];
    values.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return values;
}

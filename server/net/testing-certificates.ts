import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { type Der, der } from "./der.ts";

const dayMs = 86_400_000;

export interface Authority {
  readonly name: string;
  readonly privateKey: KeyObject;
  /** PEM. */
  readonly cert: string;
}

interface Wish {
  readonly name: string;
  readonly extensions: readonly Der[];
  readonly issuer: { readonly name: string; readonly privateKey: KeyObject } | null;
  readonly notAfter?: number;
}

const nameOf = (text: string): Der => der.sequence(der.set(der.sequence(der.oid("2.5.4.3"), der.utf8String(text))));
const extension = (oid: string, value: Der): Der =>
  der.sequence(der.oid(oid), der.boolean(true), der.octetString(value));

function issue({ name, extensions, issuer, notAfter = Date.now() + dayMs }: Wish) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = der.sequence(der.oid("1.2.840.10045.4.3.2"));
  const body = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    der.integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    nameOf(issuer?.name ?? name),
    der.sequence(der.time(notAfter - 2 * dayMs), der.time(notAfter)),
    nameOf(name),
    publicKey.export({ type: "spki", format: "der" }),
    der.explicit(3, der.sequence(...extensions)),
  );
  const signature = der.bitString(sign("sha256", body, issuer?.privateKey ?? privateKey));
  const raw = der.sequence(body, algorithm, signature);
  return {
    name,
    privateKey,
    raw,
    cert: `-----BEGIN CERTIFICATE-----\n${raw.toString("base64")}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }),
  };
}

/** For tests: an authority that vouches for clients. */
export function testAuthority(name = "Test authority"): Authority {
  return issue({ name, extensions: [extension("2.5.29.19", der.sequence(der.boolean(true)))], issuer: null });
}

/** For tests: a client's certificate with these addresses (RFC 6120 13.7.1.4). */
export function testClientCertificate(authority: Authority, addresses: readonly string[], notAfter?: number) {
  const names = addresses.map((address) =>
    der.explicit(0, Buffer.concat([der.oid("1.3.6.1.5.5.7.8.5"), der.explicit(0, der.utf8String(address))])),
  );
  const extensions = [extension("2.5.29.17", der.sequence(...names))];
  return issue({ name: "Client", extensions, issuer: authority, ...(notAfter === undefined ? {} : { notAfter }) });
}

/** For tests: a server's certificate with these names (RFC 5280 4.2.1.6), and its key, PEM. */
export function testServerCertificate(authority: Authority, names: readonly string[], notAfter?: number) {
  const extensions = [extension("2.5.29.17", der.sequence(...names.map((name) => der.implicit(2, Buffer.from(name)))))];
  return issue({ name: "Server", extensions, issuer: authority, ...(notAfter === undefined ? {} : { notAfter }) });
}

/** For tests: one of a server whose authority can be asked about it (RFC 5280 4.2.2.1), and that may want its word (RFC 7633). */
export function testRevocableCertificate(authority: Authority, name: string, responder: string, isStapled = false) {
  const place = der.sequence(der.oid("1.3.6.1.5.5.7.48.1"), der.implicit(6, Buffer.from(responder)));
  const extensions = [
    extension("2.5.29.17", der.sequence(der.implicit(2, Buffer.from(name)))),
    extension("1.3.6.1.5.5.7.1.1", der.sequence(place)),
    ...(isStapled ? [extension("1.3.6.1.5.5.7.1.24", der.sequence(der.integer(Buffer.from([5]))))] : []),
  ];
  return issue({ name: "Server", extensions, issuer: authority });
}

/** For tests: one that an authority gives to whoever answers for it, unless `isForIt` is false (RFC 6960 4.2.2.2). */
export function testResponderCertificate(authority: Authority, isForIt = true) {
  const usage = der.sequence(der.oid(isForIt ? "1.3.6.1.5.5.7.3.9" : "1.3.6.1.5.5.7.3.1"));
  return issue({ name: "Responder", extensions: [extension("2.5.29.37", usage)], issuer: authority });
}

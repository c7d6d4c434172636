import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { isIPv4, isIPv6 } from "node:net";
import { join } from "node:path";
import { domainToASCII } from "node:url";
import ipaddr from "ipaddr.js";
import { type CertificatePair, pairFrom } from "./certificate-pair.ts";
import { type Der, der } from "./der.ts";

const dayMs = 86_400_000;
const validMs = 397 * dayMs;
const renewMs = 30 * dayMs;

/**
 * A self-signed certificate for a host and what is below it: the one made earlier, unless it expires within 30 days or
 * `isAnew`, else a new one, kept in `directory` (null: not kept).
 */
export async function selfSignedPair(
  host: string,
  directory: string | null,
  now: number,
  clientCa: string | null = null,
  isAnew = false,
): Promise<CertificatePair> {
  const path = directory === null ? null : join(directory, `${encodeURIComponent(host)}.pem`);
  const kept = path === null || isAnew ? undefined : await keptPair(path, clientCa);
  if (kept !== undefined && kept.notAfter - now > renewMs) return kept;
  const { cert, key } = generate(host, now);
  if (directory !== null && path !== null) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    // A half-written file must never be taken for a certificate.
    const partial = `${path}.${randomBytes(6).toString("hex")}`;
    await writeFile(partial, key + cert, { mode: 0o600 });
    await rename(partial, path);
  }
  return pairFrom(cert, key, clientCa);
}

async function keptPair(path: string, clientCa: string | null): Promise<CertificatePair | undefined> {
  try {
    const pem = await readFile(path, "utf8");
    return pairFrom(pem, pem, clientCa);
  } catch {
    // Missing or damaged: a new one takes its place.
    return undefined;
  }
}

// RFC 5280 4.1, with the extensions of 4.2 that browsers and clients look at.
function generate(host: string, now: number): { cert: string; key: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ecdsaWithSha256 = der.sequence(der.oid("1.2.840.10045.4.3.2"));
  // Nobody reads it, and it may not be longer than 64 characters (upper bound ub-common-name).
  const name = der.sequence(der.set(der.sequence(der.oid("2.5.4.3"), der.utf8String(host.slice(0, 64)))));
  const serverAuth = der.sequence(der.oid("1.3.6.1.5.5.7.3.1"));
  const digitalSignature = der.bitString(Buffer.from([0x80]), 7);
  const body = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    der.integer(Buffer.concat([Buffer.from([1]), randomBytes(16)])),
    ecdsaWithSha256,
    name,
    // Clocks of clients differ.
    der.sequence(der.time(now - dayMs), der.time(now + validMs)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der.explicit(
      3,
      der.sequence(
        extension("2.5.29.19", true, der.sequence()),
        extension("2.5.29.15", true, digitalSignature),
        extension("2.5.29.37", false, serverAuth),
        extension("2.5.29.17", false, der.sequence(...alternativeNames(host))),
      ),
    ),
  );
  const certificate = der.sequence(body, ecdsaWithSha256, der.bitString(sign("sha256", body, privateKey)));
  const lines = certificate.toString("base64").replaceAll(/.{64}(?=.)/g, "$&\n");
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }),
  };
}

function extension(oid: string, isCritical: boolean, value: Der): Der {
  const critical = isCritical ? [der.boolean(true)] : [];
  return der.sequence(der.oid(oid), ...critical, der.octetString(value));
}

// RFC 5280 4.2.1.6: dNSName is [2], iPAddress is [7] as bytes.
function alternativeNames(host: string): Der[] {
  const name = domainToASCII(host) || host;
  const address = name.startsWith("[") ? name.slice(1, -1) : name;
  if (isIPv4(address)) return [der.implicit(7, Buffer.from(address.split(".").map(Number)))];
  if (isIPv6(address)) return [der.implicit(7, ipv6Bytes(address))];
  return [der.implicit(2, Buffer.from(name)), der.implicit(2, Buffer.from(`*.${name}`))];
}

function ipv6Bytes(address: string): Buffer {
  return Buffer.from(ipaddr.IPv6.parse(address).toByteArray());
}

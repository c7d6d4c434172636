import { createPrivateKey, type KeyObject } from "node:crypto";
import { remark, type Remark } from "../../../../lib/contracts/remarks.ts";

/** The text of a `.p8` file as a key to sign with, or what is wrong with it, in one sentence for whoever chose the file. */
export type ReadKey =
  | { readonly key: KeyObject; readonly problem: null }
  | { readonly key: null; readonly problem: Remark };

/** What the other files that people have at hand are, by the label of their PEM (RFC 7468). */
const others: ReadonlyMap<string, Remark> = new Map([
  ["CERTIFICATE", remark("p8-certificate")],
  ["TRUSTED CERTIFICATE", remark("p8-certificate")],
  ["CERTIFICATE REQUEST", remark("p8-signing-request")],
  ["NEW CERTIFICATE REQUEST", remark("p8-signing-request")],
  ["PUBLIC KEY", remark("p8-public")],
  ["RSA PUBLIC KEY", remark("p8-public")],
  ["RSA PRIVATE KEY", remark("p8-rsa")],
  ["DSA PRIVATE KEY", remark("p8-dsa")],
  ["ENCRYPTED PRIVATE KEY", remark("p8-encrypted")],
  ["OPENSSH PRIVATE KEY", remark("p8-ssh")],
]);

// `-----BEGIN X-----`, base64, `-----END X-----`; written with real line breaks, as `\n`, or with none at all.
const pem = /-----BEGIN ([A-Z0-9 ]+)-----(.*?)(?:-----END \1-----|$)/s;

export function readKey(file: string): ReadKey {
  const text = file.replaceAll(String.raw`\n`, "\n").trim();
  if (text === "") return bad(remark("p8-missing"));
  const found = pem.exec(text);
  return found === null ? bad(withoutPem(text)) : fromPem(found[1]!, found[2]!, text);
}

function fromPem(label: string, content: string, text: string): ReadKey {
  const other = others.get(label);
  if (other !== undefined) return bad(other);
  if (label !== "PRIVATE KEY" && label !== "EC PRIVATE KEY") return bad(remark("p8-other-file", { label }));
  if (content.includes("ENCRYPTED")) return bad(remark("p8-encrypted"));
  if (!text.includes("-----END")) return bad(remark("p8-cut-off"));
  const der = base64(content);
  if (der === null) return bad(remark("p8-no-base64"));
  return fromDer(der, label === "PRIVATE KEY" ? "pkcs8" : "sec1");
}

function fromDer(der: Buffer, type: "pkcs8" | "sec1"): ReadKey {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: der, format: "der", type });
  } catch {
    return bad(remark("p8-damaged"));
  }
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = key;
  if (kind !== "ec") return bad(remark("p8-other-kind", { kind: kind ?? "unknown" }));
  const curve = details?.namedCurve ?? "unknown";
  return curve === "prime256v1" ? { key, problem: null } : bad(remark("p8-other-curve", { curve }));
}

function withoutPem(text: string): Remark {
  if (text.includes("-----END")) return remark("p8-no-begin");
  if (text.startsWith("{")) return remark("p8-json");
  const der = base64(text);
  if (der !== null && isPkcs12(der)) return remark("p8-p12");
  if (der !== null && fromDer(der, "pkcs8").key !== null) return remark("p8-no-lines");
  // A DER file that was read as text begins with the 0 of its SEQUENCE and has bytes that are no text.
  if (/[\0\ufffd]/.test(text)) return remark("p8-binary");
  return remark("p8-no-key");
}

// RFC 7292 4: PFX ::= SEQUENCE { version INTEGER {v3(3)}, … }
function isPkcs12(der: Buffer): boolean {
  const lengthBytes = der[0] === 0x30 && der[1] !== undefined ? (der[1] & 0x80 ? der[1] & 0x7f : 0) : -1;
  return lengthBytes >= 0 && der.subarray(2 + lengthBytes, 5 + lengthBytes).equals(Buffer.from([2, 1, 3]));
}

function base64(text: string): Buffer | null {
  const packed = text.replaceAll(/\s+/g, "");
  return packed !== "" && /^[A-Za-z0-9+/]+={0,2}$/.test(packed) ? Buffer.from(packed, "base64") : null;
}

function bad(problem: Remark): ReadKey {
  return { key: null, problem };
}

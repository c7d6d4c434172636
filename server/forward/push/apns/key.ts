import { createPrivateKey, type KeyObject } from "node:crypto";

/** The text of a `.p8` file as a key to sign with, or what is wrong with it, in one sentence for whoever chose the file. */
export type ReadKey =
  | { readonly key: KeyObject; readonly problem: null }
  | { readonly key: null; readonly problem: string };

const wanted = "Apple gives the key as AuthKey_….p8";

/** What the other files that people have at hand are, by the label of their PEM (RFC 7468). */
const others: ReadonlyMap<string, string> = new Map([
  ["CERTIFICATE", `this is a certificate, not a key: ${wanted}, under Keys`],
  ["TRUSTED CERTIFICATE", `this is a certificate, not a key: ${wanted}, under Keys`],
  ["CERTIFICATE REQUEST", `this is a certificate signing request, not a key: ${wanted}, under Keys`],
  ["NEW CERTIFICATE REQUEST", `this is a certificate signing request, not a key: ${wanted}, under Keys`],
  ["PUBLIC KEY", "this is a public key: the private one is needed"],
  ["RSA PUBLIC KEY", "this is a public key: the private one is needed"],
  ["RSA PRIVATE KEY", `this is an RSA key, as it comes with a push certificate: ${wanted}`],
  ["DSA PRIVATE KEY", `this is a DSA key: ${wanted}`],
  ["ENCRYPTED PRIVATE KEY", "this key is encrypted with a password: save it without one"],
  ["OPENSSH PRIVATE KEY", `this is an SSH key: ${wanted}`],
]);

// `-----BEGIN X-----`, base64, `-----END X-----`; written with real line breaks, as `\n`, or with none at all.
const pem = /-----BEGIN ([A-Z0-9 ]+)-----(.*?)(?:-----END \1-----|$)/s;

export function readKey(file: string): ReadKey {
  const text = file.replaceAll(String.raw`\n`, "\n").trim();
  if (text === "") return bad(`there is no key: ${wanted}`);
  const found = pem.exec(text);
  return found === null ? bad(withoutPem(text)) : fromPem(found[1]!, found[2]!, text);
}

function fromPem(label: string, content: string, text: string): ReadKey {
  const other = others.get(label);
  if (other !== undefined) return bad(other);
  if (label !== "PRIVATE KEY" && label !== "EC PRIVATE KEY") return bad(`this is a file of ${label}: ${wanted}`);
  if (content.includes("ENCRYPTED")) return bad(others.get("ENCRYPTED PRIVATE KEY")!);
  if (!text.includes("-----END"))
    return bad("the key is cut off: its last line, -----END PRIVATE KEY-----, is missing");
  const der = base64(content);
  if (der === null) return bad("the lines between BEGIN and END are not base64: something was added or lost");
  return fromDer(der, label === "PRIVATE KEY" ? "pkcs8" : "sec1");
}

function fromDer(der: Buffer, type: "pkcs8" | "sec1"): ReadKey {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: der, format: "der", type });
  } catch {
    return bad("the key is damaged: lines are missing between BEGIN and END");
  }
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = key;
  if (kind !== "ec")
    return bad(`this is a key of another kind (${kind ?? "unknown"}): APNs signs with an EC key, P-256`);
  const curve = details?.namedCurve ?? "unknown";
  return curve === "prime256v1" ? { key, problem: null } : bad(`the key is on the curve ${curve}: APNs needs P-256`);
}

function withoutPem(text: string): string {
  if (text.includes("-----END")) return "the first line, -----BEGIN PRIVATE KEY-----, is missing";
  if (text.startsWith("{")) return `this is JSON, perhaps a Firebase service account: ${wanted}`;
  const der = base64(text);
  if (der !== null && isPkcs12(der)) return `this is a .p12 file with a push certificate: ${wanted}`;
  if (der !== null && fromDer(der, "pkcs8").key !== null) {
    return "the lines -----BEGIN PRIVATE KEY----- and -----END PRIVATE KEY----- are missing";
  }
  // A DER file that was read as text begins with the 0 of its SEQUENCE and has bytes that are no text.
  if (/[\0\ufffd]/.test(text)) return `this is a binary file, perhaps a .p12 or .cer: ${wanted}`;
  return `this is not a key: ${wanted}, a text that begins with -----BEGIN PRIVATE KEY-----`;
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

function bad(problem: string): ReadKey {
  return { key: null, problem };
}

import { decodeText } from "./identity.ts";
import { SaslError } from "./mechanism.ts";

/** RFC 5802 7, client-first-message, taken apart. */
export interface ClientFirst {
  /** `n`: the client does not do channel binding; `y`: it does and thinks that we do not; `p`: it uses `bindingType`. */
  readonly bindingFlag: "n" | "y" | "p";
  readonly bindingType: string;
  readonly authzid: string;
  readonly username: string;
  readonly nonce: string;
  /** The GS2 header as it was sent: the final message repeats it. */
  readonly gs2Header: string;
  readonly bare: string;
}

/** RFC 5802 7, client-final-message, taken apart. */
export interface ClientFinal {
  /** base64, as it was sent. */
  readonly channelBinding: string;
  readonly nonce: string;
  readonly proof: Buffer;
  readonly withoutProof: string;
}

// cb-name, saslname and printable of RFC 5802 7. Extensions (attr-val) that are not known are passed over, 5.1.
const clientFirst =
  /^((n|y|p=([A-Za-z0-9.-]+)),(?:a=([^,\0]+))?,)(n=([^,\0]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,[A-Za-z]=[^,\0]+)*)$/;
const clientFinal = /^(c=([A-Za-z0-9+/=]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,[A-Za-z]=[^,\0]+)*),p=([A-Za-z0-9+/=]+)$/;

/** Throws SaslError. */
export function parseClientFirst(message: Buffer): ClientFirst {
  const match = clientFirst.exec(decodeText(message));
  if (match === null) throw new SaslError("malformed-request");
  const [, gs2Header = "", flag = "", bindingType = "", authzid = "", bare = "", username = "", nonce = ""] = match;
  return {
    bindingFlag: flag === "n" || flag === "y" ? flag : "p",
    bindingType,
    authzid: unescapeName(authzid),
    username: unescapeName(username),
    nonce,
    gs2Header,
    bare,
  };
}

/** Throws SaslError. */
export function parseClientFinal(message: Buffer): ClientFinal {
  const match = clientFinal.exec(decodeText(message));
  if (match === null) throw new SaslError("malformed-request");
  const [, withoutProof = "", channelBinding = "", nonce = "", proofText = ""] = match;
  const proof = Buffer.from(proofText, "base64");
  if (proof.toString("base64") !== proofText) throw new SaslError("malformed-request");
  return { channelBinding, nonce, proof, withoutProof };
}

// RFC 5802 5.1: a comma is =2C, an equals sign =3D, and no other = may be there.
function unescapeName(name: string): string {
  if (!name.includes("=")) return name;
  if (/=(?!2C|3D)/.test(name)) throw new SaslError("malformed-request");
  return name.replaceAll("=2C", ",").replaceAll("=3D", "=");
}

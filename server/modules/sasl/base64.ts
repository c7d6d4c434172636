import { SaslError } from "./mechanism.ts";

const alphabet = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Data of a SASL element (RFC 6120 6.4.2, RFC 4648 4): "=" is empty data. Throws SaslError. */
export function decodeData(text: string): Buffer {
  if (text === "=" || text === "") return Buffer.alloc(0);
  if (!alphabet.test(text)) throw new SaslError("incorrect-encoding");
  const data = Buffer.from(text, "base64");
  // Bits that the decoder drops would give one message many encodings (RFC 4648 3.5).
  if (data.toString("base64") !== text) throw new SaslError("incorrect-encoding");
  return data;
}

/** "" for no data: the element is then empty. */
export function encodeData(data: Buffer): string {
  return data.toString("base64");
}

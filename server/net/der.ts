/** The few ASN.1 types that a certificate is made of, in DER (ITU-T X.690). Values are whole encodings. */
export type Der = Buffer;

function encode(tag: number, content: Uint8Array): Der {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const size = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

export const der = {
  sequence: (...items: readonly Der[]) => encode(0x30, Buffer.concat(items)),
  set: (...items: readonly Der[]) => encode(0x31, Buffer.concat(items)),
  boolean: (value: boolean) => encode(0x01, Buffer.from([value ? 0xff : 0])),
  /** A positive integer, big-endian. */
  integer: (bytes: Uint8Array) => encode(0x02, bytes[0]! & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes),
  bitString: (bytes: Uint8Array, unusedBits = 0) => encode(0x03, Buffer.concat([Buffer.from([unusedBits]), bytes])),
  octetString: (bytes: Uint8Array) => encode(0x04, bytes),
  utf8String: (text: string) => encode(0x0c, Buffer.from(text)),
  /** In dotted form. */
  oid(text: string): Der {
    const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
    return encode(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
  },
  /** RFC 5280 4.1.2.5: UTCTime until 2049, GeneralizedTime from 2050 on; both without fractions. */
  time(ms: number): Der {
    const text = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, "");
    return text < "2050" ? encode(0x17, Buffer.from(text.slice(2))) : encode(0x18, Buffer.from(text));
  },
  /** [number] EXPLICIT. */
  explicit: (number: number, value: Der) => encode(0xa0 | number, value),
  /** [number] IMPLICIT of a primitive type. */
  implicit: (number: number, content: Uint8Array) => encode(0x80 | number, content),
};

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

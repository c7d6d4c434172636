import { isIPv4, isIPv6 } from "node:net";

/** What the header of the PROXY protocol says (haproxy's proxy-protocol.txt, versions 1 and 2). */
export interface ProxyHeader {
  /** Bytes of it; what follows is the client's. */
  readonly length: number;
  /** Who is connected to the proxy; null: the proxy itself, or it does not say. */
  readonly source: { readonly address: string; readonly port: number } | null;
  /** The client speaks TLS with the proxy, which the server cannot see. */
  readonly isEncrypted: boolean;
}

const signature = Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1");
const textStart = Buffer.from("PROXY ");
const maxTextBytes = 107;
const fixedBytes = 16;
/** Room for addresses and what proxies add; a proxy that adds a whole certificate is not understood. */
const maxBinaryBytes = 4096;

const command = { local: 0x20, proxy: 0x21 } as const;
const family = { unspecified: 0x00, tcp4: 0x11, tcp6: 0x21, unix: 0x31 } as const;
const addressBytes = { tcp4: 12, tcp6: 36 } as const;
const typeSsl = 0x20;
const clientSsl = 0x01;

/** Reads the header at the beginning of `bytes`. "incomplete": more is needed; "invalid": there is none, or a broken one. */
export function readProxyHeader(bytes: Buffer): ProxyHeader | "incomplete" | "invalid" {
  if (startsLike(bytes, signature)) return readBinary(bytes);
  return startsLike(bytes, textStart) ? readText(bytes) : "invalid";
}

/** Whether one of the two is the beginning of the other. */
function startsLike(bytes: Buffer, start: Buffer): boolean {
  const length = Math.min(bytes.length, start.length);
  return bytes.compare(start, 0, length, 0, length) === 0;
}

function readText(bytes: Buffer): ProxyHeader | "incomplete" | "invalid" {
  const end = bytes.subarray(0, maxTextBytes).indexOf("\r\n");
  if (end < 0) return bytes.length < maxTextBytes ? "incomplete" : "invalid";
  const line = bytes.toString("latin1", 0, end);
  const length = end + 2;
  if (/^PROXY UNKNOWN( |$)/.test(line)) return { length, source: null, isEncrypted: false };
  const match = /^PROXY TCP([46]) (\S+) (\S+) (\d{1,5}) (\d{1,5})$/.exec(line);
  if (match === null) return "invalid";
  const [, version = "", address = "", own = "", port, ownPort] = match;
  const isAddress = version === "4" ? isIPv4 : isIPv6;
  const isSound = isAddress(address) && isAddress(own) && !address.includes("%") && isPort(port) && isPort(ownPort);
  return isSound ? { length, source: { address, port: Number(port) }, isEncrypted: false } : "invalid";
}

function isPort(text: string | undefined): boolean {
  return Number(text) <= 65_535;
}

function readBinary(bytes: Buffer): ProxyHeader | "incomplete" | "invalid" {
  if (bytes.length < fixedBytes) return "incomplete";
  const length = fixedBytes + bytes.readUInt16BE(14);
  if (length > maxBinaryBytes) return "invalid";
  if (bytes.length < length) return "incomplete";
  const what = bytes[12];
  // 2.2: whatever else a LOCAL header carries is to be ignored.
  if (what === command.local) return { length, source: null, isEncrypted: false };
  if (what !== command.proxy) return "invalid";
  const content = bytes.subarray(fixedBytes, length);
  switch (bytes[13]) {
    case family.tcp4:
      if (content.length < addressBytes.tcp4) return "invalid";
      return {
        length,
        source: { address: content.subarray(0, 4).join("."), port: content.readUInt16BE(8) },
        isEncrypted: hasClientSsl(content.subarray(addressBytes.tcp4)),
      };
    case family.tcp6:
      if (content.length < addressBytes.tcp6) return "invalid";
      return {
        length,
        source: { address: ipv6(content), port: content.readUInt16BE(32) },
        isEncrypted: hasClientSsl(content.subarray(addressBytes.tcp6)),
      };
    case family.unspecified:
    case family.unix:
      return { length, source: null, isEncrypted: false };
    default:
      return "invalid";
  }
}

function ipv6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  // The short form of RFC 5952, as the address of any other connection has it.
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

/** 2.2.6: the client connected over SSL/TLS. */
function hasClientSsl(values: Buffer): boolean {
  let at = 0;
  while (at + 3 <= values.length) {
    const length = values.readUInt16BE(at + 1);
    if (values[at] === typeSsl && length >= 1 && at + 3 < values.length) return (values[at + 3]! & clientSsl) !== 0;
    at += 3 + length;
  }
  return false;
}

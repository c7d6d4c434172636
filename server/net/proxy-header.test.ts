import { describe, expect, it } from "vitest";
import { readProxyHeader } from "./proxy-header.ts";

const signature = "\r\n\r\n\0\r\nQUIT\n";

function binary(command: number, family: number, content: number[] | Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(content.length);
  return Buffer.concat([
    Buffer.from(signature, "latin1"),
    Buffer.from([command, family]),
    length,
    Buffer.from(content),
  ]);
}

const ipv4 = [192, 0, 2, 7, 10, 0, 0, 1, 0x12, 0x67, 0x14, 0x66];
const ipv6 = Buffer.from("20010db800000000000000000000000720010db800000000000000000000000112671466", "hex");
const ssl = (client: number): number[] => [0x20, 0, 5, client, 0, 0, 0, 0];
const alpn = [0x01, 0, 2, 0x68, 0x32];
const from = (address: string, port = 4711) => ({ source: { address, port }, isEncrypted: false });
const nobody = { source: null, isEncrypted: false };

describe("a header of the PROXY protocol", () => {
  const sound: [name: string, bytes: Buffer, expected: object][] = [
    ["1, IPv4", Buffer.from("PROXY TCP4 192.0.2.7 10.0.0.1 4711 5222\r\n"), from("192.0.2.7")],
    ["1, IPv6", Buffer.from("PROXY TCP6 2001:db8::7 2001:db8::1 4711 5222\r\n"), from("2001:db8::7")],
    ["1, unknown", Buffer.from("PROXY UNKNOWN\r\n"), nobody],
    ["1, unknown with more", Buffer.from("PROXY UNKNOWN ff:: ff:: 1 2\r\n"), nobody],
    ["2, IPv4", binary(0x21, 0x11, ipv4), from("192.0.2.7")],
    ["2, IPv6", binary(0x21, 0x21, ipv6), from("2001:db8::7")],
    ["2, local", binary(0x20, 0x00, []), nobody],
    ["2, local with addresses", binary(0x20, 0x11, ipv4), nobody],
    ["2, unspecified", binary(0x21, 0x00, []), nobody],
    ["2, a Unix socket", binary(0x21, 0x31, Buffer.alloc(216)), nobody],
    [
      "2, with TLS at the proxy",
      binary(0x21, 0x11, [...ipv4, ...alpn, ...ssl(1)]),
      { ...from("192.0.2.7"), isEncrypted: true },
    ],
    ["2, with a TLS that the client does not use", binary(0x21, 0x11, [...ipv4, ...ssl(0)]), from("192.0.2.7")],
    [
      "2, with a cut value",
      binary(0x21, 0x11, [...ipv4, 0x20, 0xff, 0xff, 1]),
      { ...from("192.0.2.7"), isEncrypted: true },
    ],
    ["2, with an empty value", binary(0x21, 0x11, [...ipv4, 0x20, 0, 0]), from("192.0.2.7")],
  ];

  it.each(sound)("version %s", (_name, bytes, expected) => {
    expect(readProxyHeader(bytes)).toEqual({ length: bytes.length, ...expected });
    expect(readProxyHeader(Buffer.concat([bytes, Buffer.from("<?xml")]))).toMatchObject({ length: bytes.length });
    for (let length = 0; length < bytes.length; length += 1)
      expect(readProxyHeader(bytes.subarray(0, length))).toBe("incomplete");
  });

  const unsound: [name: string, bytes: Buffer][] = [
    ["a stream", Buffer.from("<?xml version='1.0'?>")],
    ["HTTP", Buffer.from("POST /http-bind HTTP/1.1\r\n")],
    ["TLS", Buffer.from([0x16, 0x03, 0x01])],
    ["another protocol", Buffer.from("PROXY UDP4 192.0.2.7 10.0.0.1 1 2\r\n")],
    ["a name for an address", Buffer.from("PROXY TCP4 client.example 10.0.0.1 1 2\r\n")],
    ["IPv6 for IPv4", Buffer.from("PROXY TCP4 2001:db8::7 10.0.0.1 1 2\r\n")],
    ["a zone", Buffer.from("PROXY TCP6 fe80::1%lo fe80::2 1 2\r\n")],
    ["a port that is none", Buffer.from("PROXY TCP4 192.0.2.7 10.0.0.1 65536 2\r\n")],
    ["two spaces", Buffer.from("PROXY TCP4  192.0.2.7 10.0.0.1 1 2\r\n")],
    ["a line feed alone", Buffer.from(`PROXY UNKNOWN\n${" ".repeat(200)}`)],
    ["a line without end", Buffer.from(`PROXY UNKNOWN ${"x".repeat(200)}`)],
    ["version 3", binary(0x31, 0x11, ipv4)],
    ["an unknown command", binary(0x22, 0x11, ipv4)],
    ["datagrams", binary(0x21, 0x12, ipv4)],
    ["no room for addresses", binary(0x21, 0x11, ipv4.slice(1))],
    ["no room for long addresses", binary(0x21, 0x21, ipv4)],
    ["too much", binary(0x21, 0x11, Buffer.alloc(5_000)).subarray(0, 100)],
  ];

  it.each(unsound)("is not %s", (_name, bytes) => {
    expect(readProxyHeader(bytes)).toBe("invalid");
  });
});

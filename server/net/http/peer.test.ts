import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { describe, expect, it } from "vitest";
import { TrustedSources } from "../trusted-sources.ts";
import { peerOf, wasEncrypted } from "./peer.ts";

const trusted = new TrustedSources(["10.0.0.0/8", "127.0.0.0/8"]);

function request(from: string, headers: Record<string, string>, isTls = false): IncomingMessage {
  const socket = isTls ? new TLSSocket(new Socket()) : new Socket();
  Object.defineProperties(socket, { remoteAddress: { value: from }, remotePort: { value: 4711 } });
  return Object.assign(new IncomingMessage(socket), { headers });
}

const https = { "x-forwarded-proto": "https" };

describe("who sent a request", () => {
  const cases: [name: string, request: IncomingMessage, address: string, port: number, isSecure: boolean][] = [
    ["somebody, unencrypted", request("192.0.2.7", {}), "192.0.2.7", 4711, false],
    ["somebody, encrypted", request("192.0.2.7", {}, true), "192.0.2.7", 4711, true],
    ["IPv4 on an IPv6 socket", request("::ffff:192.0.2.7", {}), "192.0.2.7", 4711, false],
    ["the machine itself", request("127.0.0.1", {}), "127.0.0.1", 4711, true],
    [
      "somebody who claims to be a proxy",
      request("192.0.2.7", { "x-forwarded-for": "127.0.0.1", ...https }),
      "192.0.2.7",
      4711,
      false,
    ],
    ["a proxy", request("10.0.0.1", { "x-forwarded-for": "192.0.2.7", ...https }), "192.0.2.7", 0, true],
    [
      "a proxy, encrypted on our side only",
      request("10.0.0.1", { "x-forwarded-for": "192.0.2.7" }, true),
      "192.0.2.7",
      0,
      false,
    ],
    [
      "a proxy on this machine that says http",
      request("127.0.0.1", { "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "http" }),
      "192.0.2.7",
      0,
      false,
    ],
    [
      "two proxies",
      request("10.0.0.1", {
        "x-forwarded-for": "203.0.113.9, 192.0.2.7, 10.0.0.2",
        "x-forwarded-proto": "http, https",
      }),
      "192.0.2.7",
      0,
      true,
    ],
    [
      "an address that is none",
      request("10.0.0.1", { "x-forwarded-for": "192.0.2.7, unknown", ...https }),
      "10.0.0.1",
      4711,
      true,
    ],
    ["IPv6 in brackets", request("10.0.0.1", { "x-forwarded-for": "[2001:db8::7]", ...https }), "2001:db8::7", 0, true],
    ["a proxy that names nobody", request("10.0.0.1", https), "10.0.0.1", 4711, true],
  ];

  it.each(cases)("%s", (_name, message, address, port, isSecure) => {
    expect(peerOf(message, trusted)).toEqual({ address, port, isSecure });
  });
});

it.each([
  ["10.0.0.1", https, true],
  ["10.0.0.1", { "x-forwarded-proto": "http" }, false],
  ["10.0.0.1", {}, false],
  ["192.0.2.7", https, false],
])("a request from %s with %j was encrypted: %s", (from, headers, expected) => {
  expect(wasEncrypted(request(from, headers), trusted)).toBe(expected);
});

import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { parseDocument } from "../../xmpp/parser.ts";
import { HostMeta, type HostMetaOptions } from "./host-meta.ts";

const defaults: HostMetaOptions = {
  publicUrl: "https://chat.example.org",
  websocket: "/xmpp-websocket",
  bosh: "/http-bind",
  isSecure: () => false,
  isEncrypted: () => false,
};
const servers: ReturnType<typeof createServer>[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

async function ask(path: string, method = "GET"): Promise<Response> {
  const hostMeta = new HostMeta(defaults);
  const server = createServer((request, response) => hostMeta.handle(request, response, request.url ?? ""));
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { method });
}

const links = [
  { rel: "urn:xmpp:alt-connections:websocket", href: "wss://chat.example.org/xmpp-websocket" },
  { rel: "urn:xmpp:alt-connections:xbosh", href: "https://chat.example.org/http-bind" },
];

describe("host-meta", () => {
  it("is XRD", async () => {
    const response = await ask("/.well-known/host-meta");
    expect(response.headers.get("content-type")).toBe("application/xrd+xml; charset=utf-8");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    const xrd = parseDocument(await response.text());
    expect([xrd.name, xrd.ns]).toEqual(["XRD", "http://docs.oasis-open.org/ns/xri/xrd-1.0"]);
    expect(xrd.elements().map((link) => Object.fromEntries(link.attrs))).toEqual(links);
  });

  it("is JSON", async () => {
    const response = await ask("/.well-known/host-meta.json");
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(await response.json()).toEqual({ links });
  });

  it("is for reading only", async () => {
    expect((await ask("/.well-known/host-meta", "POST")).status).toBe(405);
    const head = await ask("/.well-known/host-meta", "HEAD");
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  const cases: [name: string, options: Partial<HostMetaOptions>, hrefs: string[]][] = [
    [
      "a URL with a slash at its end",
      { publicUrl: "https://x.example/" },
      ["wss://x.example/xmpp-websocket", "https://x.example/http-bind"],
    ],
    ["a URL with a path", { publicUrl: "https://x.example/chat", bosh: null }, ["wss://x.example/chat/xmpp-websocket"]],
    ["no WebSocket", { websocket: null }, ["https://chat.example.org/http-bind"]],
    ["no URL: the name that was asked for", { publicUrl: null, bosh: null }, ["wss://bix.org:5280/xmpp-websocket"]],
    [
      "no URL, encrypted",
      { publicUrl: null, bosh: null, isSecure: () => true, isEncrypted: () => true },
      ["wss://bix.org:5280/xmpp-websocket"],
    ],
    [
      "no URL, on loopback",
      { publicUrl: null, isSecure: () => true },
      ["ws://bix.org:5280/xmpp-websocket", "http://bix.org:5280/http-bind"],
    ],
  ];

  it.each(cases)("with %s", (_name, options, hrefs) => {
    const request = { headers: { host: "bix.org:5280" } } as IncomingMessage;
    expect(new HostMeta({ ...defaults, ...options }).links(request).map(({ href }) => href)).toEqual(hrefs);
  });
});

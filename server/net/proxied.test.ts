import { once } from "node:events";
import http from "node:http";
import { setImmediate as turn } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { AddressLimits } from "./address-limits.ts";
import { Certificates } from "./certificates.ts";
import { Connection } from "./connection.ts";
import { HttpFront } from "./http/front.ts";
import { peerOf } from "./http/peer.ts";
import { type Accepted, Listener } from "./listener.ts";
import { sweepLateHeaders } from "./proxied.ts";
import { RawClient } from "./testing.ts";
import { TrustedSources } from "./trusted-sources.ts";

const header = "PROXY TCP4 192.0.2.7 127.0.0.1 4711 5222\r\n";
const tlsHeader = Buffer.from("0d0a0d0a000d0a515549540a21110014c00002077f000001126714662000050100000000", "hex");

let certificates: Certificates;
const listeners: Listener[] = [];
const clients: RawClient[] = [];

beforeAll(async () => {
  certificates = await Certificates.open({ directory: null, files: [] });
  await certificates.ensure(["localhost"]);
});

afterEach(async () => {
  vi.useRealTimers();
  for (const client of clients.splice(0)) client.destroy();
  for (const listener of listeners.splice(0)) await listener.close();
});

async function listen(
  accept: (accepted: Accepted) => void,
  trusted = ["127.0.0.1"],
  maxPerAddress = 10,
): Promise<number> {
  const listener = await Listener.open({
    name: "test",
    address: "127.0.0.1",
    port: 0,
    limits: new AddressLimits({ maxPerAddress, newPerSecond: 100, includesLoopback: true }),
    proxies: new TrustedSources(trusted),
    accept,
  });
  listeners.push(listener);
  return listener.port;
}

/** Answers what it reads with the address that it was told, a colon and the text. */
function echo(isTls: boolean): (accepted: Accepted) => void {
  return ({ socket, closed }) => {
    const connection = new Connection(socket, isTls ? certificates.serverOptions("localhost") : undefined, closed);
    connection.open({
      received(bytes, length) {
        connection.write(`${connection.address} ${connection.port}: ${bytes.toString("utf8", 0, length)}`);
        return length;
      },
      disconnected() {},
    });
  };
}

async function connect(port: number): Promise<RawClient> {
  const client = await RawClient.connect(port);
  clients.push(client);
  return client;
}

describe("a connection through a proxy", () => {
  it("has the client's address, and all its bytes", async () => {
    const client = await connect(await listen(echo(false)));
    client.send(`${header}hello`);
    expect(await client.until("hello")).toBe("192.0.2.7 4711: hello");
    client.send("again");
    expect(await client.until("again")).toBe("192.0.2.7 4711: again");
  });

  it("may begin bit by bit", async () => {
    const client = await connect(await listen(echo(false)));
    client.socket.setNoDelay(true);
    for (const character of header) {
      client.send(character);
      await turn();
    }
    client.send("hello");
    expect(await client.until("hello")).toBe("192.0.2.7 4711: hello");
  });

  it("may be the proxy's own", async () => {
    const client = await connect(await listen(echo(false)));
    client.send("PROXY UNKNOWN\r\nhello");
    expect(await client.until("hello")).toBe(`127.0.0.1 ${client.socket.localPort}: hello`);
  });

  it("is closed without a header", async () => {
    const client = await connect(await listen(echo(false)));
    client.send("<?xml version='1.0'?>");
    expect(await client.ended()).toBe("");
  });

  it("is closed when the header is late", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const port = await listen(echo(false));
    const client = await connect(port);
    client.send(header.slice(0, 10));
    // Another connection that came later has been served: the first one is known to the listener.
    const other = await connect(port);
    other.send(`${header}hello`);
    await other.until("hello");
    vi.setSystemTime(Date.now() + 5_000);
    sweepLateHeaders();
    expect(await client.ended()).toBe("");
  });

  it("counts for the client's address", async () => {
    const port = await listen(echo(false), ["127.0.0.1"], 1);
    const first = await connect(port);
    first.send(`${header}one`);
    await first.until("one");
    const second = await connect(port);
    second.send(`${header}two`);
    expect(await second.ended()).toBe("");
    const other = await connect(port);
    other.send(`${header.replace("192.0.2.7", "192.0.2.8")}three`);
    expect(await other.until("three")).toBe("192.0.2.8 4711: three");
  });

  it("is believed from proxies that are trusted only", async () => {
    const client = await connect(await listen(echo(false), ["192.0.2.1"]));
    client.send(`${header}hello`);
    expect(await client.until("hello")).toBe(`127.0.0.1 ${client.socket.localPort}: ${header}hello`);
  });

  it("carries TLS", async () => {
    const plain = await connect(await listen(echo(true)));
    plain.send(header);
    const secure = connectTls({ socket: plain.socket, rejectUnauthorized: false });
    await once(secure, "secureConnect");
    secure.write("hello");
    const [answer] = await once(secure, "data");
    expect(String(answer)).toBe("192.0.2.7 4711: hello");
  });
});

describe("HTTP through a proxy", () => {
  async function front(): Promise<number> {
    const trusted = new TrustedSources(["127.0.0.1"]);
    const front = new HttpFront({
      plain: "allow",
      tlsOptions: () => certificates.serverOptions("localhost"),
      isKnownHost: () => false,
      onError: (error) => {
        throw error;
      },
      routes: [
        { prefix: "/", handle: (request, response) => void response.end(JSON.stringify(peerOf(request, trusted))) },
      ],
    });
    return listen(front.accept);
  }

  const get = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n";

  it.each([
    ["plain", Buffer.from(header), false],
    ["with TLS at the proxy", tlsHeader, true],
  ])("%s", async (_name, proxyHeader, isSecure) => {
    const client = await connect(await front());
    client.send(Buffer.concat([proxyHeader, Buffer.from(get)]));
    expect(await client.ended()).toContain(JSON.stringify({ address: "192.0.2.7", port: 4711, isSecure }));
  });

  it("with TLS of its own", async () => {
    const plain = await connect(await front());
    plain.send(header);
    const secure = connectTls({ socket: plain.socket, rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] });
    await once(secure, "secureConnect");
    const request = http.get({ createConnection: () => secure, headers: { host: "localhost" } });
    const [response] = await once(request, "response");
    expect(Buffer.concat(await response.toArray()).toString()).toBe(
      JSON.stringify({ address: "192.0.2.7", port: 4711, isSecure: true }),
    );
  });
});

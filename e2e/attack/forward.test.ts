/** Web servers that are not what they seem, and addresses that a forward must not reach (forward.md, security.md b4). */
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTcp, type AddressInfo, type Server as TcpServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { TestServer } from "../support/server.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { Bystanders } from "./bystander.ts";

let server: TestServer;
let bystanders: Bystanders;
const sinks: (Server | TcpServer)[] = [];
before(async () => {
  server = await TestServer.start({ env: { NIGHTPOST_FORWARD_RETRY_SECONDS: "0.2" } });
  bystanders = await Bystanders.meet(server);
});
after(async () => {
  await bystanders.part();
  await server.stop();
  for (const sink of sinks) sink.close();
});

describe("addresses", () => {
  const urls = [
    "http://127.0.0.1/",
    "http://localhost/",
    "http://[::1]/",
    "http://0.0.0.0/",
    "http://[::]/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://224.0.0.1/",
    "http://198.18.0.1/",
    "http://192.0.0.1/",
    "http://255.255.255.255/",
  ];
  for (const url of urls)
    test(`${url}: not saved`, async () => {
      await assert.rejects(server.api.forward.setTarget({ name: "inside", target: { url, preset: "json" } }));
    });
  const malformed = [
    "ftp://example.org/",
    "file:///etc/passwd",
    "http://user:pass@example.org/",
    "http://example.org/\r\nX: y",
    "javascript:alert(1)",
    "gopher://example.org/",
    "http:///",
    "//example.org",
    "",
  ];
  for (const url of malformed)
    test(`${JSON.stringify(url)}: not saved`, async () => {
      await assert.rejects(server.api.forward.setTarget({ name: "odd", target: { url, preset: "json" } }));
    });
  test("a header with a line break: not saved", async () => {
    await assert.rejects(
      server.api.forward.setTarget({
        name: "split",
        target: { url: "https://example.org/", preset: "json", headers: { "X-A": "a\r\nHost: b" } },
      }),
    );
  });
});

describe("web servers", () => {
  type Answer = (request: IncomingMessage, response: ServerResponse) => void;
  const listen = async (sink: Server | TcpServer): Promise<number> => {
    sinks.push(sink);
    await new Promise<void>((resolve) => sink.listen(0, "127.0.0.1", resolve));
    return (sink.address() as AddressInfo).port;
  };

  /** Forwards one message to a web server of this kind; the event as it is when `isOver` says so. */
  async function forwarded(name: string, port: number): Promise<{ state: string; json: string }> {
    await server.register(`off-${name}`, "correct horse");
    await server.api.forward.setTarget({
      name,
      withRule: true,
      target: {
        url: `http://127.0.0.1:${port}/`,
        allowPrivate: true,
        preset: "json",
        timeoutMs: 2_000,
        maxAttempts: 2,
      },
    });
    const client = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
    await client.login("amy", "correct horse");
    client.send(`<message type='chat' to='off-${name}@localhost'><body>x</body></message>`);
    await client.ping();
    await client.close();
    let event = { state: "none", json: "" };
    await bystanders.during(
      (async () => {
        for (
          const end = Date.now() + 25_000;
          Date.now() < end;
          await new Promise((resolve) => setTimeout(resolve, 100))
        ) {
          const { items } = await server.api.forward.list({ target: name });
          const first = items[0];
          if (first === undefined) continue;
          event = { state: first.state, json: JSON.stringify(await server.api.forward.get({ id: first.id })) };
          if (/^(delivered|dead)$/.test(first.state)) return;
        }
      })(),
    );
    await server.api.forward.removeTarget({ name });
    return event;
  }

  const http = async (answer: Answer): Promise<number> =>
    listen(
      createServer((request, response) => {
        request.resume().on("end", () => answer(request, response));
      }),
    );

  test("a redirect to the inside is a failure, and is not followed", async () => {
    let asked = 0;
    const inside = await http((_request, response) => {
      asked += 1;
      response.end("secret");
    });
    const port = await http((_request, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${inside}/` }).end(),
    );
    const { state } = await forwarded("redirect", port);
    assert.equal(state, "dead");
    assert.equal(asked, 0);
  });

  test("an answer without end is cut, and kept to 4 KiB", async () => {
    const memory = bystanders.memory;
    const port = await http((_request, response) => {
      response.writeHead(500);
      const more = (): void => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    });
    const { state, json } = await forwarded("endless", port);
    assert.equal(state, "dead");
    assert.ok(json.length < 40_000, `${json.length} characters are kept`);
    assert.ok(bystanders.memory - memory < 64, `${bystanders.memory - memory} MiB`);
  });

  test("a packed answer is not unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const port = await http((_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb));
    const memory = bystanders.memory;
    assert.equal((await forwarded("packed", port)).state, "delivered");
    assert.ok(bystanders.memory - memory < 48, `${bystanders.memory - memory} MiB`);
  });

  test("no answer: a timeout, and another attempt", async () => {
    const port = await http(() => undefined);
    const { state, json } = await forwarded("silent", port);
    assert.equal(state, "dead");
    assert.match(json, /timeout/);
  });

  const raw: [name: string, answer: string][] = [
    ["no HTTP", "hello\r\n\r\n"],
    ["a head of 200 kB", `HTTP/1.1 200 OK\r\nX: ${"a".repeat(200_000)}\r\n\r\n`],
    ["a status of nobody", "HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n"],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx"],
    ["nothing", ""],
  ];
  for (const [index, [name, answer]] of raw.entries())
    test(`${name}: a failure with its reason`, async () => {
      const port = await listen(
        createTcp((socket) => {
          socket.on("error", () => undefined).once("data", () => socket.end(answer));
        }),
      );
      const { state } = await forwarded(`raw${index}`, port);
      assert.equal(state, "dead");
    });
});

import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import http, { type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestServer, testServer } from "../core/testing.ts";
import { DiskPlace } from "../features/uploads/disk-place.ts";
import { slotMs, uploadedFilesOf } from "../features/uploads/uploaded-files.ts";
import { AddressLimits } from "../net/address-limits.ts";
import { HttpFront } from "../net/http/front.ts";
import { Listener } from "../net/listener.ts";
import { RawClient } from "../net/testing.ts";
import { Jid } from "../xmpp/jid.ts";
import { FileTransfers } from "./files.ts";

const dayMs = 86_400_000;
const user = Jid.parse("romeo@localhost");
const limits = { maxSlots: 50, maxBytes: 1e9, maxBytesADay: 1e9, maxBytesOfHost: 1e9 };

let directory: string;
let server: TestServer;
let front: HttpFront;
let listener: Listener;
const faults: unknown[] = [];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "nightpost-files-"));
  server = await testServer({ modules: [], accounts: [user.bare] });
  const transfers = new FileTransfers(server.core);
  front = new HttpFront({
    plain: "allow",
    tlsOptions: () => undefined,
    isKnownHost: () => false,
    onError: (error) => faults.push(error),
    routes: [
      {
        prefix: "/upload",
        isPatient: true,
        handle: (request, response, path) => transfers.handle(request, response, path),
      },
    ],
  });
  listener = await Listener.open({
    name: "http",
    address: "127.0.0.1",
    port: 0,
    limits: new AddressLimits({ maxPerAddress: 1_000, newPerSecond: 1_000 }),
    accept: front.accept,
    failed: (error) => faults.push(error),
  });
  const disk = await DiskPlace.in(directory, server.core.disk);
  uploadedFilesOf(server.core).serve({ disk, originOf: () => `http://127.0.0.1:${listener.port}` });
});
afterEach(async () => {
  await listener.close();
  await front.close(0);
  await server.stop();
  rmSync(directory, { recursive: true });
  expect(faults.splice(0)).toEqual([]);
});

async function slot(size: number, mediaType = "text/plain", name = "note.txt"): Promise<{ put: string; get: string }> {
  const reserved = await uploadedFilesOf(server.core).reserve(
    { user, name, mediaType, size, keepMs: 30 * dayMs },
    limits,
  );
  if (!("put" in reserved)) throw new Error(reserved.outcome);
  return reserved;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}
type Options = {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | undefined;
};

async function ask(url: string, { method = "GET", headers = {}, body }: Options = {}): Promise<Answer> {
  const request = http.request(url, { method, agent: false, headers });
  request.end(body);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const text = (await response.setEncoding("utf8").toArray()).join("");
  return { status: response.statusCode ?? 0, headers: response.headers, body: text };
}
const put = (url: string, body: string, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(url, { method: "PUT", body, headers: { "content-length": String(Buffer.byteLength(body)), ...headers } });

async function stored(content: string, mediaType?: string, name?: string): Promise<string> {
  const { put: to, get } = await slot(Buffer.byteLength(content), mediaType, name);
  expect((await put(to, content)).status).toBe(201);
  return get;
}

test("what was put comes back, under an id and nothing else on disk", async () => {
  const { put: to, get } = await slot(4, "image/png", "très cool.png");
  expect((await ask(get)).status).toBe(404);
  expect((await put(to, "note", { "content-type": "image/png" })).status).toBe(201);
  const { status, body, headers } = await ask(get);
  expect([status, body]).toEqual([200, "note"]);
  expect(headers).toMatchObject({
    "content-type": "image/png",
    "content-length": "4",
    "content-disposition": `inline; filename="tr_s cool.png"; filename*=UTF-8''tr%C3%A8s%20cool.png`,
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "access-control-allow-origin": "*",
  });
  expect(readdirSync(directory)).toEqual([new URL(get).pathname.split("/")[2]]);
  // The name in the URL is for people.
  expect((await ask(get.replace(/[^/]*$/, "x"))).body).toBe("note");
});

test.each([
  ["text/html", "application/octet-stream", "attachment"],
  ["image/svg+xml", "application/octet-stream", "attachment"],
  ["application/xhtml+xml", "application/octet-stream", "attachment"],
  ["text/javascript", "application/octet-stream", "attachment"],
  ["text/css", "application/octet-stream", "attachment"],
  ["application/pdf", "application/pdf", "attachment"],
  ["text/plain", "text/plain", "attachment"],
  ["video/mp4", "video/mp4", "inline"],
  ["audio/ogg", "audio/ogg", "inline"],
])("%s is served as %s, %s", async (mediaType, served, disposition) => {
  const { headers } = await ask(await stored("<script>", mediaType));
  expect(headers["content-type"]).toBe(served);
  expect(headers["content-disposition"]).toMatch(new RegExp(`^${disposition};`));
});

describe("reading", () => {
  test("a part, from where a download broke off", async () => {
    const get = await stored("0123456789");
    const part = await ask(get, { headers: { range: "bytes=4-" } });
    expect([part.status, part.body]).toEqual([206, "456789"]);
    expect(part.headers["content-range"]).toBe("bytes 4-9/10");
    const { etag = "" } = part.headers;
    expect((await ask(get, { headers: { range: "bytes=0-1", "if-range": etag } })).body).toBe("01");
    expect((await ask(get, { headers: { range: "bytes=0-1", "if-range": '"other"' } })).body).toBe("0123456789");
    expect((await ask(get, { headers: { range: "bytes=0-1,3-4" } })).body).toBe("0123456789");
    const outside = await ask(get, { headers: { range: "bytes=10-" } });
    expect([outside.status, outside.headers["content-range"]]).toEqual([416, "bytes */10"]);
    expect((await ask(get, { headers: { "if-none-match": `"x", W/${etag}` } })).status).toBe(304);
  });

  test("the head alone", async () => {
    const { status, headers, body } = await ask(await stored("0123456789"), { method: "HEAD" });
    expect([status, headers["content-length"], body]).toEqual([200, "10", ""]);
  });

  test("until its end, which pruning makes final", async () => {
    const get = await stored("x");
    server.clock.advance(30 * dayMs - 1);
    expect((await ask(get)).status).toBe(200);
    server.clock.advance(1);
    expect((await ask(get)).status).toBe(404);
    expect(readdirSync(directory)).toHaveLength(1);
    await uploadedFilesOf(server.core).prune(new AbortController().signal);
    expect(readdirSync(directory)).toEqual([]);
  });

  test("not after its account is gone", async () => {
    const get = await stored("x");
    await server.stores.accounts.remove("localhost", "romeo");
    expect((await ask(get)).status).toBe(404);
    await uploadedFilesOf(server.core).prune(new AbortController().signal);
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe("an upload is refused", () => {
  test.each<[string, number, string, Record<string, string>]>([
    ["too long", 413, "notes", {}],
    ["too short", 400, "not", {}],
    ["without its length", 411, "note", { "transfer-encoding": "chunked" }],
    ["of another type", 415, "note", { "content-type": "text/html" }],
    ["packed", 415, "note", { "content-encoding": "gzip" }],
    ["in parts", 400, "note", { "content-range": "bytes 0-3/8" }],
  ])("%s", async (_name, status, body, headers) => {
    const { put: to, get } = await slot(4);
    const given = "transfer-encoding" in headers ? ask(to, { method: "PUT", body, headers }) : put(to, body, headers);
    expect((await given).status).toBe(status);
    expect(readdirSync(directory)).toEqual([]);
    // The slot is as good as before.
    expect((await put(to, "note", { "content-type": "text/plain; charset=utf-8" })).status).toBe(201);
    expect((await ask(get)).body).toBe("note");
  });

  test("twice", async () => {
    const { put: to, get } = await slot(4);
    expect((await put(to, "note")).status).toBe(201);
    expect((await put(to, "evil")).status).toBe(409);
    expect((await ask(get)).body).toBe("note");
  });

  test("when its time is over", async () => {
    const { put: to } = await slot(4);
    server.clock.advance(slotMs);
    expect((await put(to, "note")).status).toBe(404);
    expect(readdirSync(directory)).toEqual([]);
  });

  test("with an address that reads, and reading with one that uploads", async () => {
    const { put: to, get } = await slot(4);
    expect((await put(get, "note")).status).toBe(404);
    expect((await put(to, "note")).status).toBe(201);
    expect((await ask(to)).status).toBe(404);
    expect((await put(get, "evil")).status).toBe(404);
  });

  test("when the disk is full", async () => {
    const { put: to } = await slot(4);
    server.core.disk.seen(1024);
    expect((await put(to, "note")).status).toBe(507);
  });

  test.each(["POST", "DELETE", "PATCH"])("by %s", async (method) => {
    const { put: to } = await slot(4);
    const { status, headers } = await ask(to, { method });
    expect([status, headers["allow"]]).toEqual([405, "GET, HEAD, PUT, OPTIONS"]);
  });
});

test.each([
  ["/upload"],
  ["/upload/"],
  ["/upload/../../etc/passwd"],
  ["/upload/%2e%2e/passwd"],
  ["/upload/..%2f..%2fetc%2fpasswd/x"],
  ["/upload/secret/x"],
  ["/upload/0123456789abcdef0123456789abcdef"],
  ["/upload/0123456789abcdef0123456789abcdef/"],
  ["/upload/0123456789abcdef0123456789abcdef/x"],
  ["/upload/0123456789ABCDEF0123456789ABCDEF/x"],
  ["/upload/0123456789abcdef0123456789abcdef.part/x"],
  ["/upload/0123456789abcdef0123456789abcdef/x/y"],
])("%s leads nowhere", async (path) => {
  writeFileSync(join(directory, "secret"), "secret");
  writeFileSync(join(directory, "0123456789abcdef0123456789abcdef"), "secret");
  for (const method of ["GET", "PUT"]) {
    const client = await RawClient.connect(listener.port);
    client.send(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n`);
    expect(await client.until("\r\n\r\n")).toMatch(/^HTTP\/1\.1 40[04] /);
    client.destroy();
  }
});

test("an upload that breaks off leaves nothing, and may be tried again", async () => {
  const { put: to, get } = await slot(1_000_000);
  const { pathname } = new URL(to);
  const client = await RawClient.connect(listener.port);
  client.send(`PUT ${pathname} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n${"x".repeat(1000)}`);
  await expect.poll(() => readdirSync(directory)).toEqual([expect.stringMatching(/\.part$/)]);
  expect((await put(to, "x".repeat(1_000_000))).status).toBe(409);
  expect((await ask(get)).status).toBe(404);
  // One that is under way outlives the end of its slot.
  server.clock.advance(slotMs);
  await uploadedFilesOf(server.core).prune(new AbortController().signal);
  expect(readdirSync(directory)).toHaveLength(1);
  client.destroy();
  await expect.poll(() => readdirSync(directory)).toEqual([]);
  const again = await slot(1_000_000);
  expect((await put(again.put, "y".repeat(1_000_000))).status).toBe(201);
});

test("an upload that began in time counts, though its slot ended meanwhile", async () => {
  const { put: to, get } = await slot(4);
  const client = await RawClient.connect(listener.port);
  client.send(`PUT ${new URL(to).pathname} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nno`);
  await expect.poll(() => readdirSync(directory)).toHaveLength(1);
  server.clock.advance(slotMs + 1);
  client.send("te");
  expect(await client.until("\r\n\r\n")).toMatch(/^HTTP\/1\.1 201 /);
  client.destroy();
  expect((await ask(get)).body).toBe("note");
});

test("an upload whose account goes meanwhile is not kept", async () => {
  const { put: to, get } = await slot(4);
  const client = await RawClient.connect(listener.port);
  client.send(`PUT ${new URL(to).pathname} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nno`);
  await expect.poll(() => readdirSync(directory)).toHaveLength(1);
  await server.stores.accounts.remove("localhost", "romeo");
  client.send("te");
  expect(await client.until("\r\n\r\n")).toMatch(/^HTTP\/1\.1 409 /);
  client.destroy();
  expect((await ask(get)).status).toBe(404);
  expect(readdirSync(directory)).toEqual([]);
});

test("pages of other sites may upload and read", async () => {
  const { put: to } = await slot(4);
  const headers = { origin: "https://chat.example", "access-control-request-method": "PUT" };
  const answer = await ask(to, { method: "OPTIONS", headers });
  expect(answer.status).toBe(204);
  expect(answer.headers).toMatchObject({
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, HEAD, PUT, OPTIONS",
  });
  expect(answer.headers["access-control-allow-headers"]).toContain("content-type");
  expect(answer.headers["access-control-allow-credentials"]).toBeUndefined();
  expect((await put(to, "note", { origin: "https://chat.example" })).headers["access-control-allow-origin"]).toBe("*");
});

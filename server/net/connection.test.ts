import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AddressLimits } from "./address-limits.ts";
import { Certificates } from "./certificates.ts";
import { Connection, type ConnectionOwner, type TlsServerOptions } from "./connection.ts";
import { Listener, ListenerError } from "./listener.ts";
import { RawClient } from "./testing.ts";

const limits = new AddressLimits({ maxPerAddress: 100, newPerSecond: 20 });

/** Takes what it is given, in portions if told so, and notes it. */
class Notes implements ConnectionOwner {
  text = "";
  portions: number[] = [];
  portion = Number.POSITIVE_INFINITY;
  readonly gone = Promise.withResolvers<string>();
  onBytes: (() => void) | undefined;

  received(bytes: Buffer, length: number): number {
    const used = Math.min(length, this.portion);
    this.text += bytes.toString("latin1", 0, used);
    this.portions.push(used);
    this.onBytes?.();
    return used;
  }

  disconnected(reason: string): void {
    this.gone.resolve(reason);
  }
}

const certificates = await Certificates.open({ directory: null, files: [] });
await certificates.ensure(["localhost"]);

let listener: Listener;
let pair: () => Promise<{ client: RawClient; connection: Connection; notes: Notes }>;

async function listen(tls: TlsServerOptions | undefined, isKnown: boolean): Promise<void> {
  const accepted = Promise.withResolvers<Connection>();
  const notes = new Notes();
  listener = await Listener.open({
    name: "test",
    address: "127.0.0.1",
    port: 0,
    limits,
    accept({ socket, closed }) {
      const connection = new Connection(socket, tls, closed);
      if (isKnown) connection.trust();
      connection.open(notes);
      accepted.resolve(connection);
    },
  });
  pair = async () => {
    const client = await (tls === undefined ? RawClient.connect(listener.port) : RawClient.connectTls(listener.port));
    return { client, connection: await accepted.promise, notes };
  };
}

function noted(notes: Notes, isThere: () => boolean): Promise<void> {
  const done = Promise.withResolvers<void>();
  notes.onBytes = () => {
    if (isThere()) done.resolve();
  };
  if (isThere()) done.resolve();
  return done.promise;
}

describe.each([
  ["a stranger's", "tcp"],
  ["a known peer's", "tcp"],
  ["a stranger's", "tls"],
  ["a known peer's", "tls"],
] as const)("%s connection over %s", (whose, transport) => {
  beforeEach(() => {
    const tls = transport === "tls" ? certificates.serverOptions("localhost") : undefined;
    return listen(tls, whose === "a known peer's");
  });
  afterEach(() => listener.close());

  it("knows who is there", async () => {
    const { client, connection } = await pair();
    const tls = transport === "tcp" ? null : { protocol: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384" };
    expect(connection).toMatchObject({ address: "127.0.0.1", transport, tls });
    expect(connection.bindings === null).toBe(transport === "tcp");
    expect(connection.port).toBe(client.socket.localPort);
    client.destroy();
  });

  it("joins what is written in one turn", async () => {
    const { client, connection } = await pair();
    for (const part of ["a", "b", "c"]) connection.write(part);
    expect(connection.unsent).toBe(3);
    expect(await client.until("abc")).toBe("abc");
    client.destroy();
  });

  it("offers again, in order, what its owner did not take", async () => {
    const { client, notes } = await pair();
    notes.portion = 3;
    client.send("0123456789");
    await noted(notes, () => notes.text.length === 10);
    expect(notes.text).toBe("0123456789");
    expect(notes.portions).toEqual([3, 3, 3, 1]);
    client.destroy();
  });

  it("reads nothing while its owner wants nothing, and misses nothing", async () => {
    const { client, connection, notes } = await pair();
    connection.pauseReading();
    client.send("early");
    connection.write("are you there?");
    await client.until("are you there?");
    expect(notes.text).toBe("");
    connection.resumeReading();
    await noted(notes, () => notes.text === "early");
    client.destroy();
  });

  it("stops in the middle of what came and goes on there", async () => {
    const { client, connection, notes } = await pair();
    notes.portion = 2;
    notes.onBytes = () => connection.pauseReading();
    client.send("abcd");
    await expect.poll(() => notes.text).toBe("ab");
    notes.onBytes = undefined;
    connection.resumeReading();
    await noted(notes, () => notes.text === "abcd");
    client.destroy();
  });

  it("takes a large input in bounded slices", async () => {
    const { client, notes } = await pair();
    const size = 3_000_000;
    client.send(Buffer.alloc(size, "x"));
    await noted(notes, () => notes.text.length === size);
    expect(Math.max(...notes.portions)).toBeLessThanOrEqual(32 * 1024);
    client.destroy();
  });

  it("keeps to the shaper", async () => {
    const { client, connection, notes } = await pair();
    connection.shape({ rate: 200_000, burst: 1_000 });
    const started = performance.now();
    client.send(Buffer.alloc(41_000, "x"));
    await noted(notes, () => notes.text.length === 41_000);
    // What was read has to be paid for before the next byte is read.
    client.send("y");
    await noted(notes, () => notes.text.endsWith("y"));
    expect(performance.now() - started).toBeGreaterThan(150);
    client.destroy();
  });

  it("gives up on a peer that does not read, at 1 MiB", async () => {
    const { client, connection, notes } = await pair();
    client.socket.pause();
    const chunk = "x".repeat(60_000);
    let written = 0;
    const write = (): void => {
      if (connection.unsent > 2 * 1024 * 1024) throw new Error("unbounded");
      connection.write(chunk);
      written += chunk.length;
      if (written < 64 * 1024 * 1024) setImmediate(write);
    };
    write();
    expect(await notes.gone.promise).toBe("the peer does not read");
    expect(connection.unsent).toBe(0);
  });

  it("sends everything before it ends", async () => {
    const { client, connection, notes } = await pair();
    const text = "x".repeat(500_000);
    connection.write(text);
    connection.write("the end");
    connection.end();
    connection.write("too late");
    expect((await client.ended()).length).toBe(text.length + "the end".length);
    await notes.gone.promise;
  });

  it.each(["end", "destroy"] as const)("tells its owner that the peer is gone: %s", async (how) => {
    const { client, notes } = await pair();
    if (how === "end") client.socket.end();
    else if (transport === "tcp") client.socket.resetAndDestroy();
    else client.destroy();
    expect(await notes.gone.promise).toMatch(/closed the connection|ECONNRESET|TLS: /);
  });

  it("carries all of Unicode", async () => {
    const { client, connection } = await pair();
    connection.write("grüße ☕ 😀");
    await client.until("grüße ☕ 😀");
    client.destroy();
  });
});

describe("Listener", () => {
  it("says that a port is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const open = Listener.open({ name: "c2s", address: "127.0.0.1", port, limits, accept() {} });
    await expect(open).rejects.toThrow(
      new ListenerError("port-in-use", `c2s: port ${port} of 127.0.0.1 is already used by another program`),
    );
    taken.close();
  });

  it("says that an address is not there", async () => {
    const open = Listener.open({ name: "c2s", address: "192.0.2.1", port: 0, limits, accept() {} });
    await expect(open).rejects.toMatchObject({ code: "bad-address" });
  });

  it("lets in what the limits allow, and gives places back", async () => {
    const strict = new AddressLimits({ maxPerAddress: 1, newPerSecond: 100, includesLoopback: true });
    const owners: Notes[] = [];
    const small = await Listener.open({
      name: "small",
      address: "127.0.0.1",
      port: 0,
      limits: strict,
      accept({ socket, closed }) {
        const notes = new Notes();
        owners.push(notes);
        const connection = new Connection(socket, undefined, closed);
        connection.open(notes);
        connection.write("welcome");
      },
    });
    const first = await RawClient.connect(small.port);
    await first.until("welcome");
    expect(await (await RawClient.connect(small.port)).ended()).toBe("");
    first.destroy();
    await owners[0]!.gone.promise;
    const next = await RawClient.connect(small.port);
    await next.until("welcome");
    next.destroy();
    await small.close();
  });
});

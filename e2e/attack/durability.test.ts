/** What the machine can do to a server: a full disk, a damaged store, no more files, a console that dies (design 5). */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
  closeSync,
  ftruncateSync,
  statSync,
} from "node:fs";
import net, { type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test, type TestContext } from "node:test";
import { environment, nightpost, type Outcome } from "../cli/nightpost.ts";
import { TestServer } from "../support/server.ts";
import { Sink } from "../support/sink.ts";
import { endThread, inspectable } from "../support/threads.ts";
import { child, text, type XmlElement } from "../support/xml.ts";
import { conditionOf, XmppClient } from "../support/xmpp-client.ts";
import { Bystanders } from "./bystander.ts";
import { withReader } from "./reader-thread.ts";

const password = "correct horse";
const undo: (() => void)[] = [];
after(() => {
  for (const one of undo.toReversed()) one();
});

/** A file system of `megabytes` with nothing on it; null, said in the report: this machine does not let us mount one. */
function ownFileSystem(t: TestContext, megabytes: number): string | null {
  const directory = mkdtempSync(join(tmpdir(), "nightpost-disk-"));
  undo.push(() => rmSync(directory, { recursive: true, force: true }));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "none", directory], { stdio: "ignore" });
  } catch {
    t.skip("no file system can be mounted here: run it as root");
    return null;
  }
  undo.push(() => execFileSync("umount", ["-l", directory]));
  return directory;
}

/** Takes up room until `free` bytes are left; answers with how to give it back. */
function fill(directory: string, free: number): () => void {
  const path = join(directory, "ballast");
  const file = openSync(path, "w");
  const chunk = Buffer.alloc(1024 * 1024, 1);
  const available = (): number =>
    Number(execFileSync("df", ["--output=avail", "-B1", directory], { encoding: "utf8" }).split("\n")[1]);
  try {
    for (let left = available() - free; left > 0; left -= chunk.length)
      writeSync(file, chunk, 0, Math.min(left, chunk.length));
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
  }
  closeSync(file);
  return () => rmSync(path);
}

async function until(isTrue: () => boolean | Promise<boolean>, what: string, ms = 30_000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50)))
    if (await isTrue()) return;
  throw new Error(`${what}: not within ${ms} ms`);
}

const login = async (server: TestServer, user: string): Promise<XmppClient> =>
  (await XmppClient.connect({ port: server.c2sPort, host: "localhost" })).login(user, password);

/** Sends one message to somebody away; null: it was taken, and is on disk. */
async function offer(client: XmppClient, id: string): Promise<string | null> {
  client.send(`<message type='chat' id='${id}' to='ben@localhost'><body>${id} ${"x".repeat(2_000)}</body></message>`);
  await client.ping(20_000);
  const refusal = client.takeMessages().find(({ attrs }) => attrs["id"] === id);
  return refusal === undefined ? null : conditionOf(refusal);
}

/** Ids of what waits for somebody, in the order in which it comes; `count`: how many there have to be at least. */
async function waiting(server: TestServer, count: number): Promise<string[]> {
  const ben = await login(server, "ben");
  ben.send("<presence/>");
  const ids: string[] = [];
  const take = (message: XmlElement): number => ids.push(text(child(message, "body")).split(" ")[0] ?? "");
  while (ids.length < count) take(await ben.receive(({ name }) => name === "message"));
  await ben.ping();
  ben.takeMessages().forEach(take);
  ben.destroy();
  return ids;
}

test("a store with torn pages: one sentence and no start, or a stop when they are met", async (t) => {
  const server = await TestServer.start();
  t.after(() => server.stop());
  for (let index = 0; index < 50; index += 1) await server.register(`user${index}`, password);
  await server.stop({ keepData: true });
  const path = join(server.data, "nightpost.db");
  const size = statSync(path).size;
  const file = openSync(path, "r+");
  for (let page = 1; page * 4096 < size; page += 1) writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096);
  closeSync(file);
  const damaged = readFileSync(path);
  await assert.rejects(server.run(), /the store is damaged|malformed/);
  assert.deepEqual(readFileSync(path), damaged, "the damaged file was touched");
});

function cut(server: TestServer): void {
  const file = openSync(join(server.data, "nightpost.db"), "r+");
  ftruncateSync(file, 4096 * 3);
  closeSync(file);
}

test("a store that was cut: the same, and it says that there is no backup", async (t) => {
  const server = await TestServer.start();
  t.after(() => server.stop());
  await server.register("amy", password);
  await server.stop({ keepData: true });
  cut(server);
  await assert.rejects(server.run(), /the store is damaged[^]*There is no backup in .*backups that could be restored/);
});

test("a damaged store with backups: the last good one is named, with its time and the command that restores it", async (t) => {
  const server = await TestServer.start();
  t.after(() => server.stop());
  await server.register("amy", password);
  const good = await server.api.backups.create({ passphrase: null });
  await server.api.backups.verify({ id: good.id, passphrase: null });
  await server.register("ben", password);
  const bad = await server.api.backups.create({ passphrase: null });
  const amy = await login(server, "amy");
  await amy.close();
  await server.stop({ keepData: true });
  const bytes = readFileSync(bad.path);
  writeFileSync(bad.path, bytes.subarray(0, bytes.length / 2));
  cut(server);
  const damaged = readFileSync(join(server.data, "nightpost.db"));
  const command = ["backup", "restore", good.id, "--stopped"];
  await assert.rejects(server.run(), ({ message }: Error) => {
    assert.ok(message.includes(`The last good backup is ${good.id} of ${good.createdAt}`), message);
    assert.ok(message.includes(`nightpost ${command.join(" ")}`), message);
    return true;
  });
  const np = (...words: string[]): Promise<Outcome> => nightpost(environment(server.data), words);
  assert.match((await np("backup", "restore", bad.id, "--stopped")).stderr, /damaged/);
  assert.deepEqual(await np(...command), {
    code: 0,
    stdout: `${good.id} is sound, and takes the place of the store at the next start\n`,
    stderr: "",
  });
  await server.run();
  assert.match((await np(...command)).stderr, /The server runs/);
  await (await login(server, "amy")).close();
  await assert.rejects(login(server, "ben"));
  const [replaced] = readdirSync(server.data).filter((name) => name.startsWith("replaced-"));
  assert.deepEqual(readFileSync(join(server.data, replaced!, "nightpost.db")), damaged);
});

test("a key file that others can read: said at the start, and nothing secret in it", async (t) => {
  const server = await TestServer.start();
  t.after(() => server.stop());
  await server.stop({ keepData: true });
  const key = join(server.data, "nightpost.key");
  execFileSync("chmod", ["644", key]);
  await assert.rejects(server.run(), (error: Error) => {
    assert.match(error.message, /nightpost\.key/);
    assert.match(error.message, /0600|readable by others|chmod/);
    for (const line of readFileSync(key, "utf8")
      .split("\n")
      .filter((one) => one !== "" && !one.startsWith("#")))
      assert.ok(!error.message.includes(line));
    return true;
  });
  execFileSync("chmod", ["600", key]);
  await server.run();
});

test("a disk that fills up: refused before anything is lost, taken again when there is room", async (t) => {
  const data = ownFileSystem(t, 400);
  if (data === null) return;
  const server = await TestServer.start({ data });
  t.after(() => server.stop({ keepData: true }));
  for (const user of ["amy", "ben"]) await server.register(user, password);
  const amy = await login(server, "amy");
  const taken: string[] = [];
  let number = 0;
  const offerNext = async (): Promise<string | null> => {
    const id = `m${++number}`;
    const condition = await offer(amy, id);
    if (condition === null) taken.push(id);
    return condition;
  };
  assert.equal(await offerNext(), null);
  const giveBack = fill(data, 32 * 1024 * 1024);
  await until(async () => (await offerNext()) === "resource-constraint", "refused");
  assert.equal(amy.isClosed, false);
  giveBack();
  await until(async () => (await offerNext()) === null, "taken again");
  amy.destroy();
  assert.deepEqual(await waiting(server, taken.length), taken);
});

test("a disk that is full at once: nothing acknowledged is lost, and the next start says what is wrong or works", async (t) => {
  const data = ownFileSystem(t, 400);
  if (data === null) return;
  const server = await TestServer.start({ data });
  t.after(() => server.stop({ keepData: true }));
  for (const user of ["amy", "ben"]) await server.register(user, password);
  const amy = await login(server, "amy");
  const taken: string[] = [];
  const giveBack = fill(data, 0);
  // Between two looks at the disk messages are taken until the store can write no more; then the server stops.
  for (let number = 0; number < 5_000 && !amy.isClosed; number += 1) {
    const id = `m${number}`;
    const condition = await offer(amy, id).catch(() => "gone");
    if (condition !== null) break;
    taken.push(id);
  }
  giveBack();
  await server.kill();
  await server.run();
  const kept = await waiting(server, taken.length);
  for (const id of taken) assert.ok(kept.includes(id), `${id} was acknowledged`);
});

test("no more files: those who are there chat on, and others come in when there are some again", async (t) => {
  const server = await TestServer.start();
  t.after(() => server.stop());
  const bystanders = await Bystanders.meet(server);
  await server.register("late", password);
  const limit = (files: string): void => {
    execFileSync("prlimit", ["--pid", String(server.pid), `--nofile=${files}`]);
  };
  const was = /Max open files\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/limits`, "utf8"))?.[1] ?? "1024";
  limit(`${bystanders.openFiles + 20}:${was}`);
  const sockets: Socket[] = [];
  await bystanders.during(
    (async () => {
      for (let index = 0; index < 200; index += 1) {
        const socket = net.connect(server.c2sPort, "127.0.0.1");
        socket.on("error", () => undefined);
        sockets.push(socket);
        await once(socket, "connect");
      }
    })(),
  );
  await bystanders.exchange();
  for (const socket of sockets) socket.destroy();
  limit(`${was}:${was}`);
  const late = await login(server, "late");
  await late.close();
  await bystanders.part();
});

for (const thread of ["store writer", "store reader"])
  test(`a ${thread} that dies: the server stops with a sentence, and nothing acknowledged is lost`, async (t) => {
    const server = await TestServer.start({ env: inspectable });
    t.after(() => server.stop());
    for (const user of ["amy", "ben"]) await server.register(user, password);
    if (thread === "store reader") await withReader(server);
    const amy = await login(server, "amy");
    const taken: string[] = [];
    const offering = (async () => {
      for (let number = 0; ; number += 1) {
        const condition = await offer(amy, `m${number}`).catch(() => "gone");
        if (condition !== null) return;
        taken.push(`m${number}`);
      }
    })();
    await until(() => taken.length >= 20, "some are on disk");
    await endThread(server, thread, 7);
    await offering;
    await until(
      () => server.output.includes('the store failed; stopping error="the store thread ended with code 7"'),
      "said",
    );
    await server.exited();
    await server.run();
    const kept = await waiting(server, taken.length);
    assert.deepEqual(kept.slice(0, taken.length), taken);
  });

test("a forward thread that dies: chat does not notice, it is started again, and nothing is left out", async (t) => {
  const server = await TestServer.start({ env: inspectable });
  const sink = await new Sink().start();
  t.after(async () => {
    await server.stop();
    await sink.stop();
  });
  for (const user of ["amy", "ben"]) await server.register(user, password);
  const target = { url: sink.url, allowPrivate: true, preset: "json" } as const;
  await server.api.forward.setTarget({ name: "sink", withRule: true, target });
  const bystanders = await Bystanders.meet(server);
  const amy = await login(server, "amy");
  const forwarded = (id: string) => () => sink.requests.some(({ body }) => body.includes(`${id} xxx`));
  assert.equal(await offer(amy, "before"), null);
  await until(forwarded("before"), "forwarded");
  await bystanders.during(
    (async () => {
      await endThread(server, "forward", 7);
      assert.equal(await offer(amy, "meanwhile"), null);
      await until(forwarded("meanwhile"), "forwarded after all");
    })(),
  );
  assert.match(server.output, /the forward thread ended and is started again code=7/);
  await bystanders.part();
  amy.destroy();
});

test("a console that is killed: chat does not notice, and it comes back", async (t) => {
  const server = await TestServer.start({ console: true });
  t.after(() => server.stop());
  const bystanders = await Bystanders.meet(server);
  const page = async (): Promise<number> => (await fetch(`http://127.0.0.1:${server.httpPort}/admin/login`)).status;
  await until(async () => (await page()) === 200, "the console is up");
  const consolePid = (): number => {
    const tasks = execFileSync("pgrep", ["-P", String(server.pid)], { encoding: "utf8" });
    return Number(tasks.trim().split("\n")[0]);
  };
  const first = consolePid();
  await bystanders.during(
    (async () => {
      process.kill(first, "SIGKILL");
      await until(async () => {
        const status = await page().catch(() => 0);
        return status === 200 && consolePid() !== first;
      }, "the console is back");
    })(),
  );
  await bystanders.part();
});

test("what is acknowledged was synced before (strace)", async (t) => {
  const server = await TestServer.start();
  t.after(() => server.stop());
  for (const user of ["amy", "ben"]) await server.register(user, password);
  const amy = await login(server, "amy");
  await amy.ping();
  const log = join(server.data, "trace");
  const tracer = spawn(
    "strace",
    ["-f", "-s", "400", "-e", "trace=fsync,fdatasync,write,writev,sendto", "-o", log, "-p", String(server.pid)],
    {
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let said = "";
  tracer.stderr.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
  const ended = once(tracer, "exit");
  ended.catch(() => undefined);
  tracer.on("error", () => (said += "no strace"));
  await until(() => /attached/.test(said) || /no strace|not permitted/.test(said), "traced").catch(() => undefined);
  if (!/attached/.test(said)) {
    t.skip(`the server cannot be traced here: ${said.trim()}`);
    return;
  }
  assert.equal(await offer(amy, "traced"), null);
  tracer.kill("SIGINT");
  await ended;
  const lines = readFileSync(log, "utf8").split("\n");
  const answered = lines.findIndex((line) => /type='result'/.test(line));
  const synced = lines.findIndex((line) => /f(data)?sync/.test(line));
  assert.ok(answered > 0, "the answer was seen");
  assert.ok(synced >= 0 && synced < answered, `synced at line ${synced}, answered at ${answered}`);
  amy.destroy();
});

test("a clock that is wrong at the start does not lose what waits", async (t) => {
  // The ids of messages grow by the clock: one that went back must not make new ones look old.
  const server = await TestServer.start();
  t.after(() => server.stop());
  for (const user of ["amy", "ben"]) await server.register(user, password);
  const amy = await login(server, "amy");
  assert.equal(await offer(amy, "before"), null);
  await server.stop({ keepData: true });
  const preload = join(server.data, "yesterday.mjs");
  writeFileSync(preload, "const now = Date.now; Date.now = () => now() - 86_400_000;\n");
  const back = await TestServer.start({ data: server.data, env: { NODE_OPTIONS: `--import=${preload}` } });
  t.after(() => back.stop());
  const again = await login(back, "amy");
  assert.equal(await offer(again, "after"), null);
  assert.deepEqual(await waiting(back, 2), ["before", "after"]);
  again.destroy();
});

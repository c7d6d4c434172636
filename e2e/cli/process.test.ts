/** The server as a process: start, stop, status, and every way in which it refuses to start. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net, { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, afterEach, beforeEach, describe, test } from "node:test";
import { TestServer } from "../support/server.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { begin, environment, nightpost, serve } from "./nightpost.ts";

const root = mkdtempSync(join(tmpdir(), "nightpost-cli-"));
after(() => rmSync(root, { recursive: true, force: true }));

let data = "";
let env: Record<string, string> = {};
let count = 0;
beforeEach(() => {
  count += 1;
  data = join(root, String(count));
  env = environment(data);
});
afterEach(() => nightpost(env, ["stop"]));

const pidFile = (): string => join(data, "nightpost.pid");

test("a reader that has enough of the output ends the command without a word", async () => {
  const { child, outcome } = begin(env, ["--help"]);
  child.stdout?.destroy();
  const { code, stderr } = await outcome;
  assert.equal(stderr, "");
  assert.equal(code, 0);
});

test("start, status, restart and stop", async () => {
  assert.equal((await nightpost(env, ["status"])).code, 3);
  assert.equal((await nightpost(env, ["stop"])).code, 3);

  const started = await nightpost(env, ["start"]);
  assert.equal(started.code, 0, started.stderr);
  const pid = Number(readFileSync(pidFile(), "utf8"));
  assert.match(started.stdout, new RegExp(`started, pid ${pid}`));

  const status = await nightpost(env, ["status"]);
  assert.equal(status.code, 0);
  assert.match(status.stdout, /^ready, version \d+\.\d+\.\d+, hosts: localhost\n$/);
  const json = await nightpost(env, ["status", "--json"]);
  assert.equal((JSON.parse(json.stdout) as { status: string }).status, "ready");

  const again = await nightpost(env, ["start"]);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /running already/);

  assert.equal((await nightpost(env, ["restart"])).code, 0);
  assert.notEqual(Number(readFileSync(pidFile(), "utf8")), pid);

  assert.deepEqual(await nightpost(env, ["stop"]), { code: 0, stdout: "stopped\n", stderr: "" });
  assert.equal((await nightpost(env, ["status"])).code, 3);
  assert.throws(() => readFileSync(pidFile()), /ENOENT/);
});

test("status --wait waits until a starting server is up", async () => {
  const waiting = nightpost(env, ["status", "--wait", "30"]);
  const { outcome } = serve(env);
  assert.equal((await waiting).code, 0);
  await nightpost(env, ["stop"]);
  assert.equal((await outcome).code, 0);
});

test("SIGTERM with clients connected: they are told, the exit code is 0, and all that within 10 seconds", async () => {
  const server = await TestServer.start();
  await server.register("romeo", "pencil");
  const clients = await Promise.all(
    Array.from({ length: 5 }, async (_, index) => {
      const client = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
      return client.login("romeo", "pencil", { resource: `r${index}` });
    }),
  );
  const begin = performance.now();
  assert.equal(await server.stop(), 0);
  assert.ok(performance.now() - begin < 10_000);
  for (const client of clients) assert.equal(client.streamError?.name, "error");
});

test("kill -9 leaves a pid behind that does not stop the next start", async () => {
  const first = serve(env);
  assert.equal((await nightpost(env, ["status", "--wait", "30"])).code, 0);
  first.child.kill("SIGKILL");
  await first.outcome;
  assert.equal(readFileSync(pidFile(), "utf8").trim(), String(first.child.pid));
  assert.match((await nightpost(env, ["status"])).stderr, /not running/);
  assert.equal((await nightpost(env, ["start"])).code, 0);
});

test("the pid of something else, after a reboot, does not stop a start", async () => {
  mkdirSync(data);
  writeFileSync(pidFile(), `${process.ppid}\n`);
  const { child, outcome } = serve(env);
  assert.equal((await nightpost(env, ["status", "--wait", "30"])).code, 0);
  child.kill("SIGTERM");
  assert.equal((await outcome).code, 0);
});

describe("it does not start, says why in one line, and damages nothing", () => {
  async function refused(code: number, message: RegExp): Promise<void> {
    const outcome = await serve(env).outcome;
    assert.equal(outcome.code, code, outcome.stderr);
    const lines = outcome.stderr.split("\n").filter((line) => line.startsWith("nightpost: "));
    assert.equal(lines.length, 1, outcome.stderr);
    assert.match(lines[0]!, message);
    assert.doesNotMatch(outcome.stderr, /\n\s+at /);
  }

  test("with a data directory that is in use", async () => {
    assert.equal((await nightpost(env, ["start"])).code, 0);
    const pid = readFileSync(pidFile(), "utf8");
    await refused(1, new RegExp(`${data} is in use by process ${pid.trim()}`));
    assert.equal(readFileSync(pidFile(), "utf8"), pid);
    assert.equal((await nightpost(env, ["status"])).code, 0);
  });

  for (const key of ["C2S", "C2S_TLS", "HTTP"]) {
    test(`with a busy port for ${key}`, async (t) => {
      const busy = net.createServer().listen(0, "127.0.0.1");
      await once(busy, "listening");
      const { port } = busy.address() as AddressInfo;
      env[`NIGHTPOST_${key}_PORT`] = String(port);
      t.after(() => busy.close());
      await refused(1, new RegExp(`${port}.*already used`));
      assert.throws(() => readFileSync(pidFile()), /ENOENT/);
    });
  }

  test("on an address that is not this machine's", async () => {
    env["NIGHTPOST_BIND"] = "192.0.2.1";
    await refused(1, /192\.0\.2\.1/);
  });

  test("with a store from a newer version", async () => {
    mkdirSync(data);
    const file = join(data, "nightpost.db");
    const db = new DatabaseSync(file);
    db.exec("CREATE TABLE later (a); PRAGMA user_version = 999");
    db.close();
    const before = readFileSync(file);
    await refused(1, /version 999/);
    assert.deepEqual(readFileSync(file), before);
  });

  test("with a file that is no store", async () => {
    mkdirSync(data);
    const file = join(data, "nightpost.db");
    writeFileSync(file, "this is not a database, but long enough to be taken for one".repeat(100));
    const before = readFileSync(file);
    await refused(1, /nightpost\.db/);
    assert.deepEqual(readFileSync(file), before);
  });

  test("with a data directory that is a file", async () => {
    writeFileSync(data, "");
    await refused(1, new RegExp(`${data} cannot be used`));
  });

  for (const [what, cert] of [
    ["missing", "/nowhere/cert.pem"],
    ["no certificate", import.meta.filename],
  ]) {
    test(`with a certificate file that is ${what}`, async () => {
      const config = join(root, `${count}.yml`);
      writeFileSync(config, `certificates:\n  - cert: ${cert}\n    key: ${cert}\n`);
      env["NIGHTPOST_CONFIG"] = config;
      await refused(1, new RegExp(cert!.replaceAll(".", "\\.")));
    });
  }

  test("with a wrong configuration, which `config check` explains as well", async () => {
    const config = join(root, `${count}.yml`);
    writeFileSync(config, "c2s:\n  prot: 5222\n");
    env["NIGHTPOST_CONFIG"] = config;
    const message = /nightpost: .*\.yml:2:3: there is no key `c2s\.prot`; did you mean `port`\?/;
    await refused(2, message);
    const check = await nightpost(env, ["config", "check"]);
    assert.equal(check.code, 2);
    assert.match(check.stderr, /:2:3: /);
    // `start` passes on what the server said.
    assert.equal((await nightpost(env, ["start"])).code, 2);
  });
});

test("config check prints the values in force and where they come from", async () => {
  const config = join(root, `${count}.yml`);
  writeFileSync(config, "bind: 127.0.0.1\n");
  const { NIGHTPOST_BIND: _, ...rest } = env;
  const { code, stdout } = await nightpost({ ...rest, NIGHTPOST_LOG: "warn" }, ["config", "check", "--config", config]);
  assert.equal(code, 0);
  assert.equal((JSON.parse(stdout) as { bind: string }).bind, "127.0.0.1");
  const json = await nightpost({ ...rest, NIGHTPOST_LOG: "warn" }, ["config", "check", "--json"]);
  const { sources } = JSON.parse(json.stdout) as { sources: { key: string; source: string }[] };
  assert.ok(sources.some(({ key, source }) => key === "log.level" && source === "NIGHTPOST_LOG"));
});

test("whoever read the log goes away: the server is as quiet as before, and serves", async () => {
  const { child, outcome } = serve(env);
  assert.equal((await nightpost(env, ["status", "--wait", "30"])).code, 0);
  child.stdout?.destroy();
  child.stderr?.destroy();
  // A change of the policy is logged, and that cannot be written.
  assert.equal((await nightpost(env, ["acl", "set", "friends", "user amy@localhost"])).code, 0);
  const ticks = (): number => {
    const fields = readFileSync(`/proc/${child.pid ?? 0}/stat`, "utf8")
      .split(") ")[1]!
      .split(" ");
    return Number(fields[11]) + Number(fields[12]);
  };
  const before = ticks();
  for (let index = 0; index < 5; index += 1) await nightpost(env, ["status"]);
  // A server that goes round in circles takes all there is: 100 ticks a second.
  assert.ok(ticks() - before < 100, `${ticks() - before} ticks`);
  await nightpost(env, ["stop"]);
  assert.equal((await outcome).code, 0);
});

test("live runs in the foreground with logs and traffic, and ends with SIGTERM", async () => {
  const { child, outcome } = begin(env, ["live", "--stanzas"]);
  assert.equal((await nightpost(env, ["status", "--wait", "30"])).code, 0);
  child.kill("SIGTERM");
  const { code, stdout, stderr } = await outcome;
  assert.equal(code, 0);
  assert.match(stdout + stderr, /listening/);
});

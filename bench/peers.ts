import { execFileSync, spawn } from "node:child_process";
import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { selfSignedPair } from "../server/net/self-signed.ts";
import { freePort, untilListening } from "./ports.ts";
import { erlangPost, luaPost } from "./post-modules.ts";
import { domain, localPart, password, until } from "./session.ts";
import { accountCount, pin, type Running, type StartOptions, type Subject } from "./subjects.ts";

// Debian's packages, each on ports of its own on loopback and in a directory of its own, with Debian's modules, without
// shapers and servers-to-servers, with an archive of everything, and tuned where that helps: Prosody collects garbage by
// generations, ejabberd does not spin. Neither has a module of its own that POSTs, so each gets the shortest one there can be.

const startMs = 60_000;
/** Is there once a server has its accounts. */
const readyFile = "ready";

interface Instance {
  readonly directory: string;
  /** PEM file with key and certificate. */
  readonly certificate: string;
  readonly port: number;
  readonly tlsPort: number;
  /** Where offline messages are POSTed to; null: nowhere. */
  readonly forwardTo: string | null;
}

/** Writes what the server needs and says how to start it. */
type Recipe = (instance: Instance) => { file: string; args: readonly string[]; env: Record<string, string> };

/** The servers of these names. Throws for any other. */
export function peersNamed(names: readonly string[]): Subject[] {
  return names.map((name) => {
    const recipe = recipes.get(name);
    if (recipe === undefined) throw new Error(`there is no peer ${name}, only ${[...recipes.keys()].join(" and ")}`);
    return {
      name,
      mechanism: "SCRAM-SHA-1",
      takes: () => true,
      forwardsInOrder: false,
      start: (options) => start(recipe, options),
    };
  });
}

async function start(recipe: Recipe, { core, forwardTo }: StartOptions): Promise<Running> {
  const directory = mkdtempSync(join(tmpdir(), "nightpost-peer-"));
  await selfSignedPair(domain, directory, Date.now());
  const certificate = join(directory, `${domain}.pem`);
  const [port, tlsPort] = [await freePort(), await freePort()];
  const { file, args, env } = recipe({ directory, certificate, port, tlsPort, forwardTo });
  const child = spawn(file, args, { cwd: directory, stdio: "ignore", env: { ...process.env, ...env } });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const giveUpAt = Date.now() + startMs;
  const isOver = (): boolean => child.exitCode !== null || child.pid === undefined || Date.now() > giveUpAt;
  await untilListening(tlsPort, isOver);
  await until(() => existsSync(join(directory, readyFile)) || isOver());
  const pid = child.pid ?? 0;
  if (core !== null) pin(pid, core);
  return {
    pid,
    port,
    tlsPort,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const recipes = new Map<string, Recipe>([
  ["prosody", prosody],
  ["ejabberd", ejabberd],
]);

function prosody({ directory, certificate, port, tlsPort, forwardTo }: Instance): ReturnType<Recipe> {
  const accounts = join(directory, "data", domain, "accounts");
  mkdirSync(accounts, { recursive: true });
  const salt = randomBytes(16).toString("hex");
  const salted = pbkdf2Sync(password, salt, 10_000, 20, "sha1");
  const keyOf = (name: string): Buffer => createHmac("sha1", salted).update(name).digest();
  const storedKey = createHash("sha1").update(keyOf("Client Key")).digest("hex");
  const account = `return { ["iteration_count"] = 10000; ["salt"] = "${salt}"; ["stored_key"] = "${storedKey}"; ["server_key"] = "${keyOf("Server Key").toString("hex")}"; };\n`;
  for (let index = 0; index < accountCount; index += 1)
    writeFileSync(join(accounts, `${localPart(index)}.dat`), account);
  writeFileSync(join(directory, readyFile), "");
  const config = join(directory, "prosody.cfg.lua");
  if (forwardTo !== null) writeFileSync(join(directory, "mod_bench_post.lua"), luaPost);
  const tls = `{ key = "${certificate}"; certificate = "${certificate}"; }`;
  writeFileSync(
    config,
    `run_as_root = true
pidfile = "${directory}/prosody.pid"
data_path = "${directory}/data"
gc = { mode = "generational" }
interfaces = { "127.0.0.1" }
modules_enabled = { "disco", "roster", "saslauth", "tls", "blocklist", "bookmarks", "carbons", "mam", "pep", "private",
  "smacks", "vcard4", "vcard_legacy", "csi_simple", "ping", "register", "time", "uptime", "version"${forwardTo === null ? "" : ', "bench_post"'} }
plugin_paths = { "${directory}" }
bench_post_url = "${forwardTo ?? ""}"
modules_disabled = { "s2s" }
authentication = "internal_hashed"
storage = "internal"
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
c2s_ports = { ${port} }
c2s_direct_tls_ports = { ${tlsPort} }
ssl = ${tls}
c2s_direct_tls_ssl = ${tls}
log = { error = "${directory}/error.log" }
VirtualHost "${domain}"
Component "conference.${domain}" "muc"
modules_enabled = { "muc_mam" }
muc_log_by_default = true
`,
  );
  return { file: "prosody", args: ["--config", config, "-F"], env: {} };
}

function ejabberd({ directory, certificate, port, tlsPort, forwardTo }: Instance): ReturnType<Recipe> {
  const listen = (at: number, tls: string): string =>
    `  - {port: ${at}, ip: "127.0.0.1", module: ejabberd_c2s, access: c2s, backlog: 1024, ${tls}: true}`;
  const plainModules = "adhoc blocking caps carboncopy client_state disco last offline ping privacy private";
  const config = join(directory, "ejabberd.yml");
  writeFileSync(
    config,
    `hosts: [${domain}]
certfiles: ["${certificate}"]
auth_password_format: scram
access_rules: {c2s: {allow: all}}
shaper_rules: {max_user_sessions: 100, max_user_offline_messages: infinity}
listen:
${listen(port, "starttls")}
${listen(tlsPort, "tls")}
modules:
${plainModules
  .split(" ")
  .map((name) => `  mod_${name}: {}`)
  .join("\n")}
  mod_mam: {default: always}
  mod_muc: {default_room_options: {mam: true}}
  mod_roster: {versioning: true}
  mod_stream_mgmt: {}
  mod_vcard: {search: false}
  mod_version: {}
${forwardTo === null ? "" : `  mod_bench_post: {url: "${forwardTo}"}`}
`,
  );
  if (forwardTo !== null) {
    writeFileSync(join(directory, "mod_bench_post.erl"), erlangPost);
    execFileSync("erlc", ["-o", directory, join(directory, "mod_bench_post.erl")], { stdio: "ignore" });
  }
  // One registration, then copies of its keys under the other names.
  const accounts = `
    T = <<"template">>, H = <<"${domain}">>, ejabberd_auth:try_register(T, H, <<"${password}">>),
    [R] = mnesia:dirty_read(passwd, {T, H}),
    [mnesia:dirty_write(setelement(2, R, {<<"u", (integer_to_binary(N))/binary>>, H})) || N <- lists:seq(0, ${accountCount - 1})],
    file:write_file("${directory}/${readyFile}", "").`;
  const spin = ["+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none"];
  return {
    file: "erl",
    args: [
      "-noinput",
      "+K",
      "true",
      ...spin,
      "-pa",
      directory,
      "-mnesia",
      "dir",
      `"${directory}/mnesia"`,
      "-s",
      "ejabberd",
      "-eval",
      accounts,
    ],
    env: {
      ERL_LIBS: "/usr/lib/x86_64-linux-gnu",
      EJABBERD_CONFIG_PATH: config,
      EJABBERD_LOG_PATH: join(directory, "ejabberd.log"),
      ERL_MAX_PORTS: "32000",
      HOME: directory,
    },
  };
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { accepts, freePort } from "../support/ports.ts";
import { hosts, type Stage } from "./stage.ts";

const binary = "/usr/bin/prosody";
const startMs = 15_000;

/** Debian's Prosody on a free port of loopback, with a configuration and a data directory of its own. */
export async function prosodyStage(): Promise<Stage> {
  if (!existsSync(binary)) {
    throw new Error("Prosody is not installed. On Debian: apt-get install prosody");
  }
  const directory = mkdtempSync(join(tmpdir(), "nightpost-prosody-"));
  const data = join(directory, "data");
  const port = await freePort();
  mkdirSync(data);
  for (const host of hosts) mkdirSync(join(data, encoded(host), "accounts"), { recursive: true });
  const config = join(directory, "prosody.cfg.lua");
  writeFileSync(config, configuration(directory, data, port));
  const child = spawn(binary, ["--config", config, "-F"], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output = (output + chunk).slice(-100_000);
    });
  }
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
    rmSync(directory, { recursive: true, force: true });
  };
  const deadline = Date.now() + startMs;
  while (!(await accepts(port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`Prosody did not start:\n${output}`);
    }
    await pause(50);
  }
  return {
    name: "prosody",
    port,
    transport: "tcp",
    async createAccount(user, host, password) {
      const file = join(data, encoded(host), "accounts", `${encoded(user)}.dat`);
      writeFileSync(file, `return { ["password"] = "${password}" };\n`);
    },
    output: () => output,
    stop,
  };
}

function configuration(directory: string, data: string, port: number): string {
  return `
run_as_root = true
daemonize = false
pidfile = "${directory}/prosody.pid"
data_path = "${data}"
certificates = "${directory}"
interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
modules_enabled = {
  "roster", "saslauth", "disco", "private", "vcard", "version", "time", "uptime", "lastactivity", "ping", "register",
  "offline", "presence", "message", "iq", "smacks", "carbons", "mam", "adhoc", "blocklist", "pep",
}
modules_disabled = { "tls", "s2s" }
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
allow_registration = true
authentication = "internal_plain"
storage = "internal"
default_archive_policy = true
log = { info = "*console" }
${hosts.map((host) => `VirtualHost "${host}"`).join("\n")}
${hosts.map((host) => `Component "conference.${host}" "muc"\n  modules_enabled = { "muc_mam", "vcard_muc" }`).join("\n")}
`;
}

/** How Prosody names its files. */
function encoded(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { accepts, freePort, until } from "../support/ports.ts";
import type { Neighbour, Neighbourhood } from "./neighbour.ts";

/** Debian's Prosody, which trusts the neighbourhood's authority and falls back to dialback. */
export async function prosody(around: Neighbourhood, domain: string): Promise<Neighbour> {
  const [c2sPort, s2sPort] = [await freePort(), await freePort()];
  const directory = join(around.folder, domain);
  const accounts = join(directory, "data", domain.replaceAll(".", "%2e"), "accounts");
  mkdirSync(accounts, { recursive: true });
  const files = around.certify(domain);
  const config = join(directory, "prosody.cfg.lua");
  const nameServer = around.dns.server.replace(":", "@");
  writeFileSync(
    config,
    `
run_as_root = true
daemonize = false
pidfile = "${directory}/prosody.pid"
data_path = "${directory}/data"
interfaces = { "127.0.0.1" }
c2s_ports = { ${c2sPort} }
s2s_ports = { ${s2sPort} }
unbound = { resolvconf = false, hoststxt = false, forward = { "${nameServer}" }, options = { ["do-not-query-localhost:"] = "no" } }
use_ipv6 = false
modules_enabled = { "roster", "saslauth", "tls", "dialback", "s2s_bidi", "smacks", "disco", "ping", "offline", "presence", "message", "iq", "pep" }
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "internal_plain"
storage = "internal"
ssl = { certificate = "${files.cert}", key = "${files.key}", cafile = "${around.caFile}" }
log = { debug = "*console" }
VirtualHost "${domain}"
Component "conference.${domain}" "muc"
  restrict_room_creation = false
`,
  );
  const child = spawn("/usr/bin/prosody", ["--config", config, "-F"], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output = (output + chunk).slice(-200_000);
    });
  }
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`Prosody did not start:\n${output}`);
    return (await accepts(c2sPort)) && accepts(s2sPort);
  }, "Prosody listens");
  around.announce(domain, s2sPort);
  return {
    name: "Prosody",
    domain,
    c2sPort,
    tls: "none",
    async register(user, password) {
      writeFileSync(join(accounts, `${user}.dat`), `return { ["password"] = "${password}" };\n`);
    },
    output: () => output,
    async stop() {
      if (child.exitCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { accepts, freePort, until } from "../support/ports.ts";
import type { Neighbour, Neighbourhood } from "./neighbour.ts";

const erlang = "/usr/bin/erl";
const password = "a long password";

/** Debian's ejabberd, with these accounts; it asks the neighbourhood's name server only. */
export async function ejabberd(around: Neighbourhood, domain: string, users: readonly string[]): Promise<Neighbour> {
  const [c2sPort, s2sPort] = [await freePort(), await freePort()];
  const directory = join(around.folder, domain);
  mkdirSync(directory);
  const files = around.certify(domain);
  const config = join(directory, "ejabberd.yml");
  const ready = join(directory, "ready");
  const log = join(directory, "ejabberd.log");
  writeFileSync(
    config,
    `hosts: ["${domain}"]
loglevel: debug
certfiles: ["${files.both}"]
ca_file: "${around.caFile}"
s2s_use_starttls: required
s2s_access: all
acl: {local: {user_regexp: ""}}
access_rules: {c2s: {allow: all}, muc_create: {allow: all}}
listen:
  - {port: ${c2sPort}, ip: "127.0.0.1", module: ejabberd_c2s, access: c2s, starttls: true}
  - {port: ${s2sPort}, ip: "127.0.0.1", module: ejabberd_s2s_in}
modules:
  mod_disco: {}
  mod_muc: {access_create: muc_create}
  mod_offline: {}
  mod_ping: {}
  mod_roster: {}
  mod_s2s_dialback: {}
`,
  );
  const [address, port] = around.dns.server.split(":");
  const registrations = users.map(
    (user) => `ejabberd_auth:try_register(<<"${user}">>, <<"${domain}">>, <<"${password}">>)`,
  );
  const names = join(directory, "inetrc");
  const nameServer = `{nameserver, {${address!.replaceAll(".", ",")}}, ${port}}.`;
  writeFileSync(names, `{resolv_conf, ""}. {hosts_file, ""}. {lookup, [dns]}. ${nameServer}\n`);
  const program = `
    {ok, _} = application:ensure_all_started(ejabberd), ${registrations.join(", ")},
    file:write_file("${ready}", "").`;
  const child = spawn(
    erlang,
    ["-noinput", "+sbwt", "none", "-mnesia", "dir", `"${directory}/mnesia"`, "-eval", program],
    {
      cwd: directory,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        ERL_INETRC: names,
        ERL_LIBS: "/usr/lib/x86_64-linux-gnu",
        EJABBERD_CONFIG_PATH: config,
        EJABBERD_LOG_PATH: log,
        HOME: directory,
      },
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output = (output + chunk).slice(-20_000);
    });
  }
  await until(
    async () => {
      if (child.exitCode !== null) throw new Error(`ejabberd did not start:\n${output}`);
      return existsSync(ready) && (await accepts(c2sPort)) && accepts(s2sPort);
    },
    "ejabberd listens",
    60_000,
  );
  around.announce(domain, s2sPort);
  return {
    name: "ejabberd",
    domain,
    c2sPort,
    tls: "starttls",
    async register() {
      // Its accounts were made at the start.
    },
    output: () => (existsSync(log) ? readFileSync(log, "utf8").slice(-200_000) : output),
    async stop() {
      if (child.exitCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

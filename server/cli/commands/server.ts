import { spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { ConfigError, loadConfig } from "../../config/load.ts";
import { connectionOf, createClient, explain } from "../client.ts";
import { contextOf, dataDirectory, printer, type Context, type GlobalOptions } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { passwordText } from "../file-text.ts";
import { follow } from "../live.ts";
import { isRunning, serverCommand, stopServer, untilReady } from "../server-process.ts";

/** The server as a process: start, stop, watch, set up. */
export function serverCommands(program: Command): void {
  program
    .command("start")
    .description("start the server in the background and wait until it is ready")
    .action(async (_options: unknown, command: Command) => {
      await start(command.optsWithGlobals<GlobalOptions>());
    });
  program
    .command("stop")
    .description("stop the server in an orderly way")
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await stopServer(dataDirectory(options));
      printer(options.json ?? false)({ stopped: true }, () => "stopped");
    });
  program
    .command("restart")
    .description("stop the server if it runs, and start it")
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const data = dataDirectory(options);
      if (isRunning(data)) await stopServer(data);
      await start(options);
    });
  program
    .command("status")
    .description("is the server up (exit code 0 or 3)")
    .option("--wait <seconds>", "wait this long for it to be ready", "0")
    .action(async (_options: unknown, command: Command) => status(command));
  program
    .command("live")
    .description("run the server in the foreground with all logs; if it runs already, follow it")
    .option("--stanzas", "show the traffic as well")
    .action(async (options: { stanzas?: boolean }, command: Command) =>
      live(command.optsWithGlobals<GlobalOptions>(), options.stanzas ?? false),
    );
  program
    .command("setup")
    .description("create the first host and the first admin")
    .requiredOption("--admin <jid>", "the admin's account, e.g. harttle@bix.org")
    .requiredOption("--password-file <file>", "file with the admin's password; - is standard input")
    .option("--host <host>", "the first virtual host; by default the domain of the admin")
    .option("--registration <mode>", "closed or open", "closed")
    .action(async (options: SetupOptions, command: Command) => setup(options, command));
  const config = program.command("config").description("the configuration file");
  config
    .command("check")
    .description("check the configuration and print the values in force")
    .action((_options: unknown, command: Command) => {
      const { config: file, json } = command.optsWithGlobals<GlobalOptions>();
      try {
        const loaded = loadConfig(file ?? process.env["NIGHTPOST_CONFIG"], process.env);
        console.log(JSON.stringify(json === true ? loaded : loaded.config, null, 2));
      } catch (error) {
        if (error instanceof ConfigError) throw new CommandError(error.message, exitCodes.usage);
        throw error;
      }
    });
}

async function start(options: GlobalOptions): Promise<void> {
  const data = dataDirectory(options);
  if (isRunning(data)) throw new CommandError(`A server with the data directory ${data} is running already.`);
  await mkdir(data, { recursive: true, mode: 0o700 });
  const logFile = join(data, "nightpost.log");
  const log = openSync(logFile, "a", 0o600);
  const { file, args, env } = serverCommand(options);
  const child = spawn(file, args, { detached: true, stdio: ["ignore", log, log], env });
  const ended = new Promise<number>((resolve) => {
    child.on("exit", (code) => resolve(code ?? 1));
    child.on("error", () => resolve(1));
  });
  const ready = untilReady(data, 60_000);
  const code = await Promise.race([ended, ready.then(() => null)]);
  if (code !== null) {
    const lines = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-5).join("\n");
    throw new CommandError(`The server did not start (exit code ${code}). The end of ${logFile}:\n${lines}`);
  }
  child.unref();
  const lines = readFileSync(logFile, "utf8")
    .split("\n")
    .filter((line) => /https?:\/\//.test(line))
    .slice(-2);
  printer(options.json ?? false)({ pid: child.pid, log: logFile }, () => [
    `started, pid ${child.pid}; logs in ${logFile}`,
    ...lines,
  ]);
}

async function status(command: Command): Promise<void> {
  const context = contextOf(command);
  const waitMs = Number(command.opts<{ wait: string }>().wait) * 1000;
  try {
    const state = await untilReady(context.data, waitMs, context.api);
    context.print(state, () => `ready, version ${state.version}, hosts: ${state.hosts.join(", ") || "none yet"}`);
  } catch {
    const text = isRunning(context.data) ? "The server is running but not ready." : "The server is not running.";
    throw new CommandError(text, exitCodes.notRunning);
  }
}

async function live(options: GlobalOptions, withStanzas: boolean): Promise<void> {
  const data = dataDirectory(options);
  if (isRunning(data)) {
    await followAll(options, true, withStanzas);
    return;
  }
  const { file, args, env } = serverCommand(options);
  const child = spawn(file, args, {
    stdio: "inherit",
    env: { ...env, NIGHTPOST_LOG: env["NIGHTPOST_LOG"] ?? "debug" },
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  const ended = new Promise<number>((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
  if (withStanzas) {
    untilReady(data, 60_000)
      .then(() => followAll(options, false, true))
      .catch((error: unknown) => console.error(error instanceof Error ? error.message : String(error)));
  }
  // When the server is gone there is nothing left to wait for, whatever still waits.
  process.exit(await ended);
}

/** The running server's log, and its traffic with texts masked. */
async function followAll(options: GlobalOptions, withLog: boolean, withStanzas: boolean): Promise<void> {
  const connection = connectionOf({ data: dataDirectory(options) });
  const log = withLog ? [{ topic: "log" } as const] : [];
  const watches = withStanzas ? [await createClient(connection).stanzas.watch({})] : [];
  const stanzas = watches.map(({ id }) => ({ topic: "stanzas", watch: id }) as const);
  await follow(connection, [...log, ...stanzas], options.json ?? false);
}

interface SetupOptions {
  readonly admin: string;
  readonly passwordFile: string;
  readonly host?: string;
  readonly registration: string;
}

async function setup(options: SetupOptions, command: Command): Promise<void> {
  const globals = command.optsWithGlobals<GlobalOptions>();
  const data = dataDirectory(globals);
  const password = passwordText(options.passwordFile);
  const host = options.host ?? options.admin.slice(options.admin.indexOf("@") + 1);
  if (!options.admin.includes("@")) throw new CommandError("--admin: expected user@host", exitCodes.usage);
  if (options.registration !== "closed" && options.registration !== "open")
    throw new CommandError("--registration: closed or open", exitCodes.usage);
  const run = async ({ api, print }: Context): Promise<void> => {
    const done = await api.setup.complete({
      token: "",
      host,
      admin: options.admin,
      password,
      registration: options.registration === "open" ? "open" : "closed",
    });
    print(done, () => `${done.jid} administers ${host}`);
  };
  if (isRunning(data) || globals.server !== undefined) {
    await withApi(command, run);
    return;
  }
  // No server yet: one without listeners for anybody else runs for the moment of the set-up.
  const { file, args, env } = serverCommand(globals);
  const quiet = {
    NIGHTPOST_CONSOLE: "off",
    NIGHTPOST_BIND: "127.0.0.1",
    NIGHTPOST_C2S_PORT: "0",
    NIGHTPOST_C2S_TLS_PORT: "0",
    NIGHTPOST_HTTP_PORT: "0",
    NIGHTPOST_LOG: "error",
  };
  await mkdir(data, { recursive: true, mode: 0o700 });
  const child = spawn(file, args, { stdio: ["ignore", "ignore", "inherit"], env: { ...env, ...quiet } });
  try {
    await Promise.race([
      untilReady(data, 60_000),
      new Promise<never>((_resolve, reject) =>
        child.once("exit", (code) => reject(new CommandError(`The server did not start (exit code ${code}).`))),
      ),
    ]);
    await withApi(command, run);
  } finally {
    await stopServer(data).catch(() => child.kill("SIGKILL"));
  }
}

async function withApi(command: Command, run: (context: Context) => Promise<void>): Promise<void> {
  const context = contextOf(command);
  try {
    await run(context);
  } catch (error) {
    throw explain(error, context.connection);
  }
}

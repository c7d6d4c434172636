import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ORPCError } from "@orpc/client";
import { compileCache } from "../../scripts/compile-cache.mjs";
import { serverEnv, serverFlags } from "../../scripts/server-flags.mjs";
import { controlSocket, createClient, type Api } from "../../server/cli/client.ts";
import { untilReady } from "../../server/cli/server-process.ts";

const main = fileURLToPath(new URL("../../server/main.ts", import.meta.url));

export interface ServerOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly console?: boolean;
  /** Keep using a data directory (a restart). */
  readonly data?: string;
}

/** A Nightpost in a process of its own, on free ports of loopback and with its own data directory. */
export class TestServer {
  readonly data: string;
  readonly api: Api;
  c2sPort = 0;
  tlsPort = 0;
  httpPort = 0;
  output = "";
  readonly #options: ServerOptions;
  #process: ChildProcess | null = null;

  private constructor(options: ServerOptions) {
    this.#options = options;
    this.data = options.data ?? mkdtempSync(join(tmpdir(), "nightpost-test-"));
    this.api = createClient({ kind: "socket", path: controlSocket(this.data) });
  }

  static async start(options: ServerOptions = {}): Promise<TestServer> {
    const server = new TestServer(options);
    await server.run();
    return server;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Starts the process and waits until every listener is up. Ports stay what they were at the first start. */
  async run(): Promise<void> {
    const child = spawn(process.execPath, [...serverFlags, main], {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: process.env["HOME"] ?? "",
        NODE_ENV: "production",
        ...serverEnv,
        // As `npm start` does it.
        NODE_COMPILE_CACHE: compileCache,
        NIGHTPOST_DATA: this.data,
        NIGHTPOST_BIND: "127.0.0.1",
        NIGHTPOST_C2S_PORT: String(this.c2sPort),
        NIGHTPOST_C2S_TLS_PORT: String(this.tlsPort),
        NIGHTPOST_HTTP_PORT: String(this.httpPort),
        NIGHTPOST_S2S_PORT: "0",
        NIGHTPOST_S2S_TLS_PORT: "0",
        NIGHTPOST_HOSTS: "localhost",
        NIGHTPOST_STARTTLS: "optional",
        NIGHTPOST_PLAIN_WITHOUT_TLS: "true",
        NIGHTPOST_CONSOLE: this.#options.console === true ? "on" : "off",
        ...this.#options.env,
      },
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        this.output = (this.output + chunk).slice(-200_000);
      });
    }
    const ended = once(child, "exit").then(([code]) => {
      throw new Error(`the server ended with ${String(code)}:\n${this.output}`);
    });
    ended.catch(() => undefined);
    await Promise.race([untilReady(this.data, 30_000, this.api), ended]);
    const { items } = await this.api.server.listeners();
    const portOf = (name: string): number => items.find((listener) => listener.name === name)?.port ?? 0;
    this.c2sPort = portOf("c2s");
    this.tlsPort = portOf("c2s-tls");
    this.httpPort = portOf("http");
  }

  /** Makes the account, unless it is there: stories share a server. */
  async register(user: string, password: string, host = "localhost"): Promise<void> {
    try {
      await this.api.users.create({ local: user, host, password });
    } catch (error) {
      if (!(error instanceof ORPCError && error.status === 409)) throw error;
    }
  }

  /** The process is gone, by itself. */
  async exited(): Promise<void> {
    const child = this.#process;
    if (child !== null && child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }

  /** `kill -9`, and the process is gone. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === null || child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  /** Orderly stop; answers with the exit code. The data directory is removed unless it is to be kept. */
  async stop(options: { keepData?: boolean } = {}): Promise<number> {
    const child = this.#process;
    let code = 0;
    if (child !== null && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      [code] = (await ended) as [number];
    }
    if (options.keepData !== true) rmSync(this.data, { recursive: true, force: true });
    return code;
  }
}

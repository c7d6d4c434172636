import { spawn, type ChildProcess } from "node:child_process";
import net, { type AddressInfo } from "node:net";

/** Its pages are the same for everybody, and most of what it makes for a request is garbage at once: small spaces will do. */
const memoryLimits = ["--max-old-space-size=128", "--max-semi-space-size=2"];

export interface ConsoleOptions {
  /** File that Node runs: the built console. */
  readonly entry: string;
  /** Where the child reaches the server's login check: `http://127.0.0.1:PORT`. */
  readonly api: string;
  /** Proves to the server that a login check comes from its own console. */
  readonly token: string;
  /** Key of the session cookie, shared with the server. */
  readonly sessionSecret: string;
  readonly onLog: (line: string, isError: boolean) => void;
}

const maxBackoffMs = 30_000;
const steadyMs = 60_000;

/**
 * The console's process: started, watched and restarted with growing pauses. It gets no secret but the cookie's key, has
 * no access to the store, and its end never touches chat.
 */
export class ConsoleChild {
  readonly #options: ConsoleOptions;
  #child: ChildProcess | null = null;
  #port: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #failures = 0;
  #isStopped = false;

  constructor(options: ConsoleOptions) {
    this.#options = options;
  }

  /** Loopback port of the running console; null while there is none. */
  port(): number | null {
    return this.#port;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#child?.kill("SIGTERM");
  }

  async #run(): Promise<void> {
    const port = await freePort();
    if (this.#isStopped) return;
    const startedAt = Date.now();
    const child = spawn(process.execPath, [...memoryLimits, this.#options.entry], {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        NODE_ENV: "production",
        PATH: process.env["PATH"],
        PORT: String(port),
        // Next folds loopback addresses to this name; any other spelling breaks its rewrites.
        HOSTNAME: "localhost",
        NIGHTPOST_API: this.#options.api,
        NIGHTPOST_CONSOLE_TOKEN: this.#options.token,
        NEXTAUTH_SECRET: this.#options.sessionSecret,
        AUTH_TRUST_HOST: "1",
        NEXT_TELEMETRY_DISABLED: "1",
      },
    });
    this.#child = child;
    for (const [stream, isError] of [
      [child.stdout, false],
      [child.stderr, true],
    ] as const) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        for (const line of text.split("\n")) if (line.trim() !== "") this.#options.onLog(line.trim(), isError);
      });
    }
    child.on("error", (error) => this.#options.onLog(error.message, true));
    child.on("exit", (code, signal) => this.#ended(startedAt, code, signal));
    void this.#awaitPort(port, child);
  }

  async #awaitPort(port: number, child: ChildProcess): Promise<void> {
    const giveUpAt = Date.now() + 60_000;
    while (this.#child === child && child.exitCode === null && Date.now() < giveUpAt) {
      if (await accepts(port)) {
        if (this.#child === child) this.#port = port;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  #ended(startedAt: number, code: number | null, signal: NodeJS.Signals | null): void {
    this.#child = null;
    this.#port = null;
    if (this.#isStopped) return;
    this.#failures = Date.now() - startedAt > steadyMs ? 1 : this.#failures + 1;
    const delayMs = Math.min(maxBackoffMs, 250 * 2 ** this.#failures);
    this.#options.onLog(`the console ended (${signal ?? `code ${code}`}); starting it again in ${delayMs} ms`, true);
    this.#timer = setTimeout(() => void this.#run(), delayMs);
  }
}

async function freePort(): Promise<number> {
  const probe = net.createServer();
  await new Promise<void>((resolve) => probe.listen(0, "localhost", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "localhost");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

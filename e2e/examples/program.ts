import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { accepts, until } from "../support/ports.ts";

/** A receiver of `examples/` in a process of its own. */
export class Program {
  readonly port: number;
  output = "";
  readonly #process: ChildProcess;

  private constructor(port: number, process: ChildProcess) {
    this.port = port;
    this.#process = process;
    for (const stream of [process.stdout, process.stderr])
      stream?.setEncoding("utf8").on("data", (chunk: string) => {
        this.output += chunk;
      });
  }

  /** Starts it and waits until it listens on `port`. */
  static async start(
    command: string,
    args: readonly string[],
    port: number,
    env: Readonly<Record<string, string>>,
  ): Promise<Program> {
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { NODE_ENV: "production", PATH: process.env["PATH"] ?? "", PORT: String(port), ...env },
    });
    const program = new Program(port, child);
    const failed = once(child, "exit").then(([code]) => {
      throw new Error(`${command} ended with ${String(code)}:\n${program.output}`);
    });
    failed.catch(() => undefined);
    await Promise.race([until(() => accepts(port), `${command} listens on ${port}`), failed]);
    return program;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    await ended;
  }
}

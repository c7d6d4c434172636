import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { until } from "./ports.ts";

/** A program by others, with what it says. */
export class Program {
  output = "";
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#name = name;
    this.#process = spawn(name, args, { env: { ...process.env, ...env } });
    this.#ended = once(this.#process, "close");
    // That it is not there comes out with the code.
    this.#ended.catch((error: unknown) => {
      this.output += String(error);
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
      });
    }
  }

  /** Gives it a text to read and waits for its end. Rejects with what it said, unless it ended well. */
  async run(input = ""): Promise<string> {
    this.#process.stdin?.end(input);
    await this.#ended.catch(() => undefined);
    if (this.#process.exitCode !== 0) throw new Error(`${this.#name} failed: ${this.output}`);
    return this.output;
  }

  says(text: string): Promise<void> {
    return until(() => this.output.includes(text), `${this.#name} says ${text}`);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.pid === undefined) return;
    this.#process.kill("SIGINT");
    await this.#ended;
  }
}

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./ports.ts";

/** Debian's Profanity in a terminal of its own: what is typed goes in, what it writes down comes out. */
export class Profanity {
  readonly jid: string;
  readonly #home: string;
  readonly #process: ChildProcess;

  private constructor(jid: string, home: string, process: ChildProcess) {
    this.jid = jid;
    this.#home = home;
    this.#process = process;
  }

  /** Logs in to an account of `localhost` with STARTTLS. Rejects when it cannot be run or is not let in. */
  static async start(user: string, password: string, port: number): Promise<Profanity> {
    const home = mkdtempSync(join(tmpdir(), "nightpost-profanity-"));
    const jid = `${user}@localhost`;
    const account = ["enabled=true", "resource=terminal", "server=127.0.0.1", "tls.policy=trust"];
    write(join(home, "data"), "accounts", [`[${jid}]`, ...account, `port=${port}`, `password=${password}`]);
    // Keys of others are taken as they come; what is said is written down.
    write(join(home, "config"), "profrc", ["[omemo]", "log=on", "trustmode=blind", "[logging]", "chlog=true"]);
    // It wants a terminal, which `script` is.
    const child = spawn("script", ["-qfc", `profanity -l DEBUG -a ${jid}`, "/dev/null"], {
      stdio: ["pipe", "ignore", "ignore"],
      env: {
        ...process.env,
        HOME: home,
        XDG_DATA_HOME: join(home, "data"),
        XDG_CONFIG_HOME: join(home, "config"),
        TERM: "xterm",
        LANG: "C.UTF-8",
      },
    });
    const profanity = new Profanity(jid, home, child);
    await profanity.logged(`${jid} logged in successfully`);
    return profanity;
  }

  type(line: string): void {
    this.#process.stdin!.write(`${line}\r`);
  }

  /** Resolves once its log says so. */
  logged(text: string): Promise<void> {
    return until(() => this.#read("logs").includes(text), `Profanity of ${this.jid}: ${text}`);
  }

  /** Types the line again every two seconds until its log says so: what it needs may still be on its way. */
  async typeUntil(line: string, text: string): Promise<void> {
    let typedAt = 0;
    await until(() => {
      if (this.#read("logs").includes(text)) return true;
      if (Date.now() - typedAt > 2_000) {
        this.type(line);
        typedAt = Date.now();
      }
      return false;
    }, `Profanity of ${this.jid}: ${text}`);
  }

  /** Resolves once somebody has said this to it. */
  heard(from: string, text: string): Promise<void> {
    return until(() => this.#read("chatlogs").includes(` - ${from}: ${text}\n`), `${this.jid} hears ${text}`);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, "exit");
    this.type("/quit");
    await ended;
    rmSync(this.#home, { recursive: true, force: true });
  }

  /** Everything in the files of a folder. */
  #read(folder: string): string {
    const path = join(this.#home, "data/profanity", folder);
    try {
      const files = readdirSync(path, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".log"));
      return files.map((name) => readFileSync(join(path, name), "utf8")).join("");
    } catch {
      return "";
    }
  }
}

function write(directory: string, name: string, lines: readonly string[]): void {
  mkdirSync(join(directory, "profanity"), { recursive: true });
  writeFileSync(join(directory, "profanity", name), `${lines.join("\n")}\n`);
}

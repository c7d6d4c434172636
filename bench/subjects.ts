import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { TestServer } from "../e2e/support/server.ts";
import { openSqlite } from "../server/storage/sqlite/client.ts";
import { domain, localPart, password, type LoginOptions } from "./session.ts";
import { least, own } from "./targets.ts";
import type { WorkloadName } from "./workload.ts";

/** A server that is measured. */
export interface Subject {
  readonly name: string;
  readonly mechanism: LoginOptions["mechanism"];
  /** Workloads that it takes part in. */
  readonly takes: (workload: WorkloadName) => boolean;
  readonly forwardsInOrder: boolean;
  start(options: StartOptions): Promise<Running>;
}

export interface StartOptions {
  /** Core that the process is bound to; null: any. */
  readonly core: number | null;
  /** Where every offline message is POSTed to; null: nowhere. */
  readonly forwardTo: string | null;
}

export interface Running {
  readonly pid: number;
  readonly port: number;
  readonly tlsPort: number;
  stop(): Promise<void>;
}

export interface NightpostOptions extends StartOptions {
  /** A directory of {@link Nightpost.data}, which is removed at the end; a new one when left out. */
  readonly data?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export const accountCount = 5000;

/** What else there is to ask of one's own server. */
export interface RunningNightpost extends Running {
  readonly server: TestServer;
}

/**
 * Nightpost as it is shipped, on SQLite, without the console; only the shaper and the pace of rooms, which the others do not
 * have, are off.
 */
export class Nightpost implements Subject {
  readonly name = own;
  readonly mechanism = "SCRAM-SHA-1";
  readonly takes = (): boolean => true;
  readonly forwardsInOrder = true;
  readonly #template: string;

  private constructor(template: string) {
    this.#template = template;
  }

  /** Makes a data directory with the accounts in it, which each start gets a copy of. */
  static async prepare(): Promise<Nightpost> {
    const data = mkdtempSync(join(tmpdir(), "nightpost-bench-"));
    const server = await TestServer.start({ data });
    await server.register(localPart(0), password);
    const { policy } = await server.api.policy.get();
    const shaperRules = { ...policy.shaperRules, c2s_shaper: [{ value: "infinite", to: ["all" as const] }] };
    const modules = { ...policy.modules, muc: { enabled: true, options: { max_per_second: 0 } } };
    await server.api.policy.apply({ policy: { ...policy, shaperRules, modules }, comment: "no shaper", force: true });
    await server.stop({ keepData: true });
    await multiply(data);
    return new Nightpost(data);
  }

  /** A data directory for one run, with the accounts in it. */
  data(): string {
    const data = mkdtempSync(join(tmpdir(), "nightpost-bench-"));
    cpSync(this.#template, data, { recursive: true });
    return data;
  }

  async start({ core, forwardTo, data = this.data(), env = {} }: NightpostOptions): Promise<RunningNightpost> {
    const server = await TestServer.start({ data, env: { NIGHTPOST_LOG: "warn", ...env } });
    if (core !== null) pin(server.pid, core);
    if (forwardTo !== null) {
      await server.api.forward.setTarget({
        name: "bench",
        target: { kind: "webhook", url: forwardTo, preset: "classic", allowPrivate: true },
      });
      await server.api.forward.setRules({
        rules: [{ name: "bench", classes: ["chat"], targets: ["bench"] }],
        comment: "",
      });
    }
    return {
      server,
      pid: server.pid,
      port: server.c2sPort,
      tlsPort: server.tlsPort,
      stop: async () => {
        await server.stop();
      },
    };
  }

  discard(): void {
    rmSync(this.#template, { recursive: true, force: true });
  }
}

/** Gives all other accounts the first one's keys: deriving 5000 of them is not what is measured. */
async function multiply(directory: string): Promise<void> {
  const stores = await openSqlite({ directory });
  const first = await stores.accounts.login(domain, localPart(0));
  if (first === null) throw new Error("the first account is not there");
  const createdAt = Date.now();
  await stores.accounts.createMany(
    Array.from({ length: accountCount }, (_, index) => ({
      host: domain,
      local: localPart(index),
      credentials: first.credentials,
      createdAt,
      createdVia: "import" as const,
      createdFrom: null,
    })),
    "skip",
  );
  await stores.close();
}

const beyondRelay: ReadonlySet<WorkloadName> = new Set([
  "login-plain",
  "login-starttls",
  "chat-acks",
  "forward",
  "room",
  "presence",
]);

/** A bare Node process that does the least that the same traffic needs. */
export const relay: Subject = {
  name: least,
  mechanism: "PLAIN",
  takes: (workload) => !beyondRelay.has(workload),
  forwardsInOrder: false,
  start: async ({ core }) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL("relay.ts", import.meta.url))], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    const { port, tlsPort } = JSON.parse(line) as { port: number; tlsPort: number };
    const pid = child.pid ?? 0;
    if (core !== null) pin(pid, core);
    return {
      pid,
      port,
      tlsPort,
      stop: async () => {
        const ended = once(child, "exit");
        child.kill("SIGTERM");
        await ended;
      },
    };
  },
};

/** Binds all threads of a process, and those it makes later, to one core. */
export function pin(pid: number, core: number): void {
  execFileSync("taskset", ["-a", "-c", "-p", String(core), String(pid)], { stdio: "ignore" });
}

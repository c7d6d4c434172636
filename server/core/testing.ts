import { AssertionError } from "node:assert";
import { HostPolicy, type Policy } from "../../lib/contracts/policy.ts";
import { type MemoryStores, openMemory } from "../storage/memory.ts";
import { StreamError } from "../xmpp/errors.ts";
import { Jid } from "../xmpp/jid.ts";
import { Stanza } from "../xmpp/stanza.ts";
import { bindSession } from "./binding.ts";
import { manualClock } from "./clock.ts";
import type { Core } from "./core.ts";
import { createCore } from "./create.ts";
import { Loader } from "./loader.ts";
import { createLog, formatRecord, type LogRecord } from "./log.ts";
import type { ModuleDefinition } from "./module.ts";
import { PolicyState } from "./policy/state.ts";
import { Secrets } from "./secrets.ts";
import { endSession, loseConnection } from "./session-end.ts";
import type { Session, StreamLink } from "./session.ts";
import { mismatch } from "./xml-pattern.ts";

const waitMs = 5_000;

export interface TestServerOptions {
  readonly modules: readonly ModuleDefinition[];
  /** Virtual hosts; those of the accounts are added. */
  readonly hosts?: readonly string[];
  /** Bare JIDs. They have no password: clients in the process need none. */
  readonly accounts?: readonly string[];
  /** Changes the default policy, for instance options of modules. */
  readonly policy?: (draft: Policy) => void;
}

export interface TestServer {
  readonly core: Core;
  readonly stores: MemoryStores;
  readonly clock: ReturnType<typeof manualClock>;
  readonly loader: Loader;
  /** Warnings and errors that were logged. */
  readonly complaints: LogRecord[];
  /** Binds a resource of an account; no presence is sent yet. */
  connect(fullJid: string): Promise<TestClient>;
  stop(): Promise<void>;
}

/** A server on memory stores, without sockets, with a clock that stands still and the given modules on every host. */
export async function testServer(options: TestServerOptions): Promise<TestServer> {
  const clock = manualClock();
  const stores = openMemory({ now: clock.now });
  const complaints: LogRecord[] = [];
  const log = createLog("warn", (record) => complaints.push(record));
  const accounts = (options.accounts ?? []).map((text) => Jid.parse(text));
  const hosts = new Set([...(options.hosts ?? []), ...accounts.map((jid) => jid.domain)]);
  const policy = await PolicyState.open(stores, clock, log);
  await policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
    for (const host of hosts) {
      draft.hosts[host] = HostPolicy.parse({});
    }
    options.policy?.(draft);
  });
  await stores.accounts.createMany(
    accounts.map(({ domain, local }) => ({
      host: domain,
      local,
      credentials: { kind: "sealed", sealed: "" },
      createdAt: clock.now(),
      createdVia: "import",
      createdFrom: null,
    })),
    "skip",
  );
  const core = createCore({ stores, policy, secrets: Secrets.ephemeral(), log, clock, version: "0.0.0-test" });
  const loader = new Loader(core, options.modules);
  await loader.start();
  const failed = complaints.find((record) => record.level === "error");
  if (failed !== undefined) throw new Error(formatRecord(failed));
  return {
    core,
    stores,
    clock,
    loader,
    complaints,
    connect: (fullJid) => TestClient.bind(core, Jid.parse(fullJid)),
    async stop() {
      await loader.stop();
      await stores.close();
    },
  };
}

/** A client in the same process: it sends XML and reads what it is sent, in the same turn where nothing has to wait. */
export class TestClient implements StreamLink {
  readonly address = "127.0.0.1";
  readonly port = 0;
  readonly transport = "tcp";
  readonly isSecure = false;
  readonly tls = null;
  traffic = { bytesIn: 0, bytesOut: 0 };
  /** Set it to play a client that does not read. */
  unsent = 0;
  isPaused = false;
  /** The stream error it was closed with; undefined while open, null when there was none. */
  closedWith: StreamError | null | undefined;
  readonly #core: Core;
  readonly #received: Stanza[] = [];
  readonly #waiting = new Set<() => void>();
  #barriers = 0;
  #session: Session | null = null;

  private constructor(core: Core) {
    this.#core = core;
  }

  static async bind(core: Core, jid: Jid): Promise<TestClient> {
    const host = core.hosts.get(jid.domain);
    if (host === undefined) throw new Error(`${jid.domain} is not served here`);
    const client = new TestClient(core);
    const stream = { host, account: jid.toBare(), mechanism: "TEST", link: client };
    client.#session = bindSession(core, stream, jid.resource, "closeold");
    await host.hooks.fire("session/bound", { session: client.#session });
    return client;
  }

  get session(): Session {
    return this.#session!;
  }

  get jid(): string {
    return this.session.jid.full;
  }

  send(xml: string): void {
    this.session.receive(Stanza.parse(xml), this.#core.clock.now());
  }

  /** Everything received since the last call, once the server has dealt with all that this client sent. */
  async sync(): Promise<Stanza[]> {
    const id = `barrier-${(this.#barriers += 1)}`;
    this.send(`<iq type='get' id='${id}' to='${this.session.host.name}'><barrier xmlns='urn:nightpost:test'/></iq>`);
    const index = await this.#find((stanza) => stanza.id === id);
    return this.#received.splice(0, index + 1).slice(0, -1);
  }

  /** {@link sync} as text. */
  async texts(): Promise<string[]> {
    return (await this.sync()).map(String);
  }

  /** Waits for a number of stanzas and takes them, without sending anything. */
  async take(count: number): Promise<Stanza[]> {
    await this.#find((_, index) => index === count - 1);
    return this.#received.splice(0, count);
  }

  /** What was received is exactly this, in this order (see xml-pattern.ts). Throws AssertionError. */
  async expect(...patterns: readonly string[]): Promise<void> {
    const received = await this.sync();
    const differences = patterns.map((pattern, index) => {
      const stanza = received[index];
      return stanza === undefined ? "it is missing" : mismatch(Stanza.parse(pattern).element, stanza.element);
    });
    const first = differences.findIndex((difference) => difference !== null);
    if (first < 0 && received.length === patterns.length) return;
    throw new AssertionError({
      message: first < 0 ? "more was received" : `stanza ${first + 1}: ${differences[first]}`,
      expected: patterns,
      actual: received.map(String),
    });
  }

  /** The connection dies. */
  die(): void {
    if (this.session.link === this) loseConnection(this.#core, this.session, "connection lost");
  }

  /** The client closes its stream. */
  end(): void {
    this.session.closedByClient();
    this.#end("closed by the client");
  }

  write(xml: string): void {
    this.#received.push(Stanza.parse(xml));
    for (const wake of this.#waiting) wake();
  }

  close(error?: StreamError): void {
    this.closedWith = error ?? null;
    this.#end(error?.condition ?? "closed");
  }

  fail(error: unknown): void {
    this.close(new StreamError("internal-server-error", String(error)));
  }

  pauseReading(): void {
    this.isPaused = true;
  }

  resumeReading(): void {
    this.isPaused = false;
  }

  #end(reason: string): void {
    if (this.session.link === this) endSession(this.#core, this.session, reason);
  }

  #find(match: (stanza: Stanza, index: number) => boolean): Promise<number> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      const look = (): void => {
        const index = this.#received.findIndex(match);
        if (index < 0) return;
        settle();
        resolve(index);
      };
      const timer = setTimeout(() => {
        settle();
        reject(new Error(`waited in vain; received: ${this.#received.map(String).join("\n")}`));
      }, waitMs);
      this.#waiting.add(look);
      look();
    });
  }
}

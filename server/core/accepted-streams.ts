import type { Policy } from "../../lib/contracts/policy.ts";
import { Deadlines } from "../net/deadlines.ts";
import type { Accepted } from "../net/listener.ts";
import { StreamError } from "../xmpp/errors.ts";

interface AcceptedStream {
  open(): void;
  close(error: StreamError): void;
  destroy(reason: string): void;
}

interface HostStream extends AcceptedStream {
  /** null: it has not said yet. */
  readonly hostName: string | null;
  /** The shaper of its host may be another one. */
  reshape(): void;
}

interface Limits {
  /** Time from the connection to the login, whatever the peer does in between, unless a person has a form to fill in. */
  readonly loginMs: number;
  /** Connections that have not logged in yet, in all. */
  readonly maxLogins: number;
  /** What is said to a stream that took longer. */
  readonly late: string;
  readonly now: () => number;
}

const drainMs = 3_000;
/** What a person takes to fill in a form, and how many of those who have not logged in may be at one. */
const formMs = 5 * 60_000;
const formShare = 1 / 4;

/** The streams of the connections that a service has accepted: until they log in, while they are there, and at the end of all. */
export class AcceptedStreams<Stream extends AcceptedStream> implements Iterable<Stream> {
  readonly #streams = new Set<Stream>();
  readonly #logins: Deadlines<Stream>;
  readonly #forms: Deadlines<Stream>;
  readonly #maxLogins: number;
  #isDraining = false;
  #drained: (() => void) | null = null;

  constructor({ loginMs, maxLogins, late, now }: Limits) {
    const end = (stream: Stream): void => stream.close(new StreamError("connection-timeout", late));
    this.#logins = new Deadlines(loginMs, end, now);
    this.#forms = new Deadlines(formMs, end, now);
    this.#maxLogins = maxLogins;
  }

  get size(): number {
    return this.#streams.size;
  }

  /** Whether there is room for one that has not logged in. */
  get hasRoom(): boolean {
    return !this.#isDraining && this.#logins.size + this.#forms.size < this.#maxLogins;
  }

  /** Those of this moment: they may end meanwhile. */
  [Symbol.iterator](): Iterator<Stream> {
    return [...this.#streams].values();
  }

  begin(stream: Stream): void {
    this.#streams.add(stream);
    this.#logins.add(stream);
    stream.open();
  }

  /** A person at the other end has a form to fill in before the login: once, that may take longer. */
  fillsIn(stream: Stream): void {
    if (!this.#logins.has(stream) || this.#forms.size >= this.#maxLogins * formShare) return;
    this.#logins.delete(stream);
    this.#forms.add(stream);
  }

  /** It has logged in, or will not any more. */
  settled(stream: Stream): void {
    this.#logins.delete(stream);
    this.#forms.delete(stream);
  }

  /** Its connection is released. */
  gone(stream: Stream): void {
    this.settled(stream);
    this.#streams.delete(stream);
    if (this.#streams.size === 0) this.#drained?.();
  }

  /** Ends streams whose login took too long. A timer does so, too. */
  sweepLogins(): void {
    this.#logins.sweep();
    this.#forms.sweep();
  }

  /** Tells every peer that the server stops, and waits a moment for what is written to leave. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    const gone = Promise.withResolvers<void>();
    this.#drained = gone.resolve;
    for (const stream of this) stream.close(new StreamError("system-shutdown"));
    if (this.#streams.size === 0) return;
    const timer = setTimeout(gone.resolve, drainMs);
    await gone.promise;
    clearTimeout(timer);
    for (const stream of this) stream.destroy("the server stopped");
  }
}

/** Takes a connection no further. */
export function refuse({ socket, closed }: Accepted): void {
  closed();
  socket.destroy();
}

export function isServed({ hosts }: Policy, name: string): boolean {
  return Object.hasOwn(hosts, name) && hosts[name]?.enabled === true;
}

/** The policy is another one: shapers may have changed, and hosts may have been switched off or removed. */
export function followPolicy(streams: Iterable<HostStream>, document: Policy): void {
  for (const stream of streams) {
    const name = stream.hostName;
    if (name === null) continue;
    if (isServed(document, name)) stream.reshape();
    else stream.close(new StreamError("host-gone"));
  }
}

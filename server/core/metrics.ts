import type { StanzaKind } from "../xmpp/stanza.ts";
import { Tally } from "./tally.ts";

/** One value of a family, with what tells it from the others. */
export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A number, or several of a kind, as Prometheus knows them: names end in their unit, counters in `_total`. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  /** Called when somebody asks, not on the way of a stanza. */
  read(): Iterable<MetricSample> | Promise<Iterable<MetricSample>>;
}

/** Counters that the hot path bumps and others read; plain numbers, so that counting costs nothing. */
export class Metrics {
  readonly startedAt: number;
  messagesIn = 0;
  presencesIn = 0;
  iqsIn = 0;
  streamsOpened = 0;
  /** By mechanism; one that the server does not know is `unknown`. */
  readonly loginsDone = new Tally();
  readonly loginsFailed = new Tally();
  readonly #families = new Set<MetricFamily>();

  constructor(now: number) {
    this.startedAt = now;
  }

  /** A stanza from a client or a peer. */
  stanzaIn(kind: StanzaKind): void {
    if (kind === "message") this.messagesIn += 1;
    else if (kind === "presence") this.presencesIn += 1;
    else if (kind === "iq") this.iqsIn += 1;
  }

  /** Adds what somebody else counts, until the function returned is called. */
  add(family: MetricFamily): () => void {
    this.#families.add(family);
    return () => this.#families.delete(family);
  }

  families(): Iterable<MetricFamily> {
    return this.#families;
  }
}

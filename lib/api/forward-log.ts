import type { ForwardEvent } from "../contracts/forward-event.ts";
import type { ForwardFilter } from "../contracts/forward-filter.ts";
import { client } from "./client.ts";
import { LiveLog, type LiveLogView, type LogPage, type Stream, type Subscription } from "./live-log.ts";
import type { Gap } from "./live-rows.ts";
import type { SampledFrame, TopicOptions } from "./live.ts";
import { type Sampled, SampledOut } from "./sampled-out.ts";

export interface ForwardLogView extends LiveLogView {
  /** While only a sample is shown. */
  sampled: Sampled | null;
}

const pageSize = 100;
/** With so many unread rows new ones are only counted: what is being read is kept, and memory is bounded. */
const maxUnread = 20_000;
const failures: ReadonlySet<string> = new Set(["dead", "expired", "retrying"]);
const keyOf = ({ id }: ForwardEvent): string => id;
// What the stream said of a row while its page was on its way is newer than the page.
const newer = (event: ForwardEvent, known: ForwardEvent): ForwardEvent =>
  known.updatedAt > event.updatedAt ? known : event;

/** The forward log of one filter. Its rows change where they stand, and are sampled while more come than anybody reads. */
export class ForwardLog extends LiveLog<ForwardEvent, ForwardLogView> {
  readonly #sampledOut = new SampledOut(this.rows);
  #filter: ForwardFilter;
  #isComplete: boolean;
  /** Rows do not come; the server tells how many there were. */
  #isCounting = false;

  /** `isComplete`: every row, however much comes; else a sample will do. */
  constructor(live: Stream, filter: ForwardFilter, isComplete: boolean) {
    super(live, { keyOf, newer });
    this.#filter = filter;
    this.#isComplete = isComplete;
  }

  /** Another filter from the same cursor on. */
  setFilter(filter: ForwardFilter): void {
    this.#filter = filter;
    this.#sampledOut.end();
    this.#isCounting = false;
    this.rows.hold(false);
    this.restart(this.#options);
  }

  /** Every row from now on, and the list again from the store; or a sample will do again. */
  setComplete(isComplete: boolean): void {
    if (this.#isComplete === isComplete) return;
    this.#isComplete = isComplete;
    const wasSampled = this.#sampledOut.now !== null;
    this.#sampledOut.end();
    this.subscription?.update(this.#options);
    if (wasSampled) this.fill();
    this.changed();
  }

  override freeze(): void {
    super.freeze();
    this.rows.hold(true);
  }

  override follow(): void {
    super.follow();
    this.rows.hold(false);
    this.#setCounting(false);
  }

  override pause(): void {
    super.pause();
    this.#setCounting(true);
  }

  /** Fills gaps: reads the list again from the store, where nothing is missing and all is in order. */
  readonly fill = (): void => {
    this.#sampledOut.forgetMark();
    this.reload();
  };

  protected override get query(): string {
    return `forward ${JSON.stringify(this.#filter)}`;
  }

  protected override subscribe(): Subscription {
    return this.live.subscribe(
      "forward",
      {
        onEvents: (events) => this.#take(events.map((event) => event.data)),
        onReady: (resumed) => {
          this.#sampledOut.end();
          if (resumed) this.rows.mark({ reconnected: true, at: new Date().toISOString() });
          this.ready();
        },
        onGap: (from, to) => this.#mark({ gap: true, from, to }),
        onReset: (oldest) => {
          this.#mark({ gap: true, from: 0, to: oldest - 1 });
          this.load();
        },
        onCounters: ({ events, failed }) => this.countUnsent(events, failed),
        onSampled: (frame) => this.#sample(frame),
      },
      this.#options,
    );
  }

  protected override read(cursor: string | null): Promise<LogPage<ForwardEvent>> {
    return client.forward.list({ ...this.#filter, limit: pageSize, ...(cursor === null ? {} : { cursor }) });
  }

  protected override shown(view: LiveLogView): ForwardLogView {
    return { ...view, sampled: this.#sampledOut.now };
  }

  get #options(): TopicOptions {
    return { filter: this.#filter, sample: !this.#isComplete, rows: !this.#isCounting };
  }

  /** Rows come again from the cursor on where they were last sent. */
  #setCounting(isCounting: boolean): void {
    if (this.#isCounting === isCounting) return;
    this.#isCounting = isCounting;
    this.subscription?.update(this.#options);
  }

  #take(events: readonly ForwardEvent[]): void {
    const fresh: ForwardEvent[] = [];
    for (const event of events) {
      if (!this.replaceOlder(event)) fresh.push(event);
      // While it is sampled, the counters are exact and the rows are not.
      if (this.isFrozen && this.#sampledOut.now === null && failures.has(event.state)) this.count(1);
    }
    this.rows.put(fresh);
    if (this.unread > maxUnread) this.#setCounting(true);
    this.changed();
  }

  #sample(frame: SampledFrame): void {
    this.#sampledOut.take(frame);
    if (this.isFrozen) {
      let failed = 0;
      for (const state of failures) failed += frame.outcomes[state] ?? 0;
      this.count(failed, frame.events - frame.shown);
    }
    this.changed();
  }

  #mark(gap: Gap): void {
    this.rows.mark(gap);
    this.changed();
  }
}

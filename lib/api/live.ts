import type { LiveEvent, LiveFrame, LiveRequest, Topic } from "../contracts/events.ts";
import type { ForwardFilter } from "../contracts/forward-filter.ts";
import type { LogFilter } from "../contracts/log.ts";
import { reconnectDelayMs } from "./reconnect-delay.ts";

export type EventOf<T extends Topic> = Extract<LiveEvent, { topic: T }>;
export type CountersFrame = Extract<LiveFrame, { type: "counters" }>;
export type SampledFrame = Extract<LiveFrame, { type: "sampled" }>;

export interface TopicHandlers<T extends Topic> {
  onEvents(events: EventOf<T>[]): void;
  /** The subscription stands. `resumed`: after a lost connection, from the last event seen. */
  onReady?: (resumed: boolean) => void;
  onGap?: (from: number, to: number) => void;
  /** What was asked for is no longer kept; `oldest` is the first that is. */
  onReset?: (oldest: number) => void;
  onCounters?: (counters: CountersFrame) => void;
  onSampled?: (sampled: SampledFrame) => void;
}

export interface TopicOptions {
  filter?: ForwardFilter;
  /** Of the topic `log`. */
  log?: LogFilter;
  /** Of the topic `stanzas`: the watch that it follows. */
  watch?: string;
  rows?: boolean;
  /** A sample of rows will do while it is busy. */
  sample?: boolean;
}

export interface LiveState {
  status: "idle" | "connecting" | "open" | "waiting";
  /** When the next attempt is made (ms), while waiting. */
  retryAt: number | null;
  /** When the connection was lost (ms); null while it stands. */
  lostAt: number | null;
}

/** When the server was started, and for how long it could not be reached before this connection. */
export interface Run {
  readonly startedAt: string;
  readonly outageMs: number;
}

interface Subscription {
  deliver: (events: LiveEvent[]) => void;
  handlers: Omit<TopicHandlers<Topic>, "onEvents">;
  options: TopicOptions;
  /** Id of the last event seen; undefined before the first answer. */
  last: number | undefined;
  /** Events are left out: only `sampled` frames say how far everything is accounted for. */
  isSampled: boolean;
  /** Number of the connection that it was last answered on. */
  connection: number | undefined;
}

const pingMs = 25_000;
const silenceMs = 60_000;

/** The one WebSocket of this tab: topics with cursors, resumed by the last id after a reconnect. */
export class LiveStream {
  #state: LiveState = { status: "idle", retryAt: null, lostAt: null };
  readonly #listeners = new Set<() => void>();
  readonly #subscriptions = new Map<Topic, Subscription>();
  #socket: WebSocket | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #pingTimer: ReturnType<typeof setInterval> | undefined;
  #connections = 0;
  #failures = 0;
  #heardAt = 0;
  #run: Run | null = null;

  /** The server that answers; null before it has. */
  get run(): Run | null {
    return this.#run;
  }

  readonly getState = (): LiveState => this.#state;

  readonly onState = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): void {
    if (this.#state.status !== "idle") return;
    document.addEventListener("visibilitychange", this.#onVisibility);
    addEventListener("online", this.reconnect);
    this.#connect();
  }

  stop(): void {
    document.removeEventListener("visibilitychange", this.#onVisibility);
    removeEventListener("online", this.reconnect);
    clearTimeout(this.#retryTimer);
    clearInterval(this.#pingTimer);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.#setState({ status: "idle", retryAt: null, lostAt: null });
  }

  /** Tries now instead of when the back-off says. */
  readonly reconnect = (): void => {
    if (this.#state.status === "waiting") this.#connect();
  };

  /** One subscription per topic. The answer changes its options or ends it. */
  subscribe<T extends Topic>(topic: T, handlers: TopicHandlers<T>, options: TopicOptions = {}) {
    const isOurs = (event: LiveEvent): event is EventOf<T> => event.topic === topic;
    const deliver = (events: LiveEvent[]) => handlers.onEvents(events.filter(isOurs));
    const subscription: Subscription = {
      deliver,
      handlers,
      options,
      last: undefined,
      isSampled: false,
      connection: undefined,
    };
    this.#subscriptions.set(topic, subscription);
    this.#ask(topic, subscription);
    return {
      /** Other options from the same cursor on. */
      update: (next: TopicOptions) => {
        subscription.options = next;
        this.#ask(topic, subscription);
      },
      end: () => {
        if (this.#subscriptions.get(topic) !== subscription) return;
        this.#subscriptions.delete(topic);
        this.#send({ type: "unsubscribe", topic });
      },
    };
  }

  #connect(): void {
    clearTimeout(this.#retryTimer);
    this.#setState({ ...this.#state, status: "connecting", retryAt: null });
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/v1/live`);
    this.#socket = socket;
    socket.onopen = () => {
      this.#connections++;
      this.#heardAt = Date.now();
      this.#pingTimer = setInterval(() => this.#ping(), pingMs);
      for (const [topic, subscription] of this.#subscriptions) this.#ask(topic, subscription);
    };
    socket.onmessage = (message) => this.#receive(message.data);
    socket.onclose = () => {
      if (this.#socket === socket) this.#lost();
    };
  }

  #lost(): void {
    clearInterval(this.#pingTimer);
    this.#socket = undefined;
    const delayMs = reconnectDelayMs(this.#failures++);
    this.#retryTimer = setTimeout(() => this.#connect(), delayMs);
    this.#setState({ status: "waiting", retryAt: Date.now() + delayMs, lostAt: this.#state.lostAt ?? Date.now() });
  }

  #ping(): void {
    // A connection that died without a close is noticed by its silence.
    if (Date.now() - this.#heardAt > silenceMs) this.#socket?.close();
    else this.#send({ type: "ping" });
  }

  #ask(topic: Topic, { options, last }: Subscription): void {
    this.#send({
      type: "subscribe",
      topic,
      rows: (options.rows ?? true) && !(topic === "forward" && document.hidden),
      sample: options.sample ?? false,
      ...(last === undefined ? {} : { since: last }),
      ...(options.filter ? { filter: options.filter } : {}),
      ...(options.log ? { log: options.log } : {}),
      ...(options.watch ? { watch: options.watch } : {}),
    });
  }

  #send(request: LiveRequest): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(request));
  }

  readonly #onVisibility = (): void => {
    const forward = this.#subscriptions.get("forward");
    if (forward) this.#ask("forward", forward);
    if (!document.hidden) this.reconnect();
  };

  #receive(data: unknown): void {
    this.#heardAt = Date.now();
    if (typeof data !== "string") return;
    const frames = JSON.parse(data) as LiveFrame[];
    const batches = new Map<Topic, LiveEvent[]>();
    for (const frame of frames) {
      if (frame.type !== "event") {
        this.#flush(batches);
        this.#take(frame);
        continue;
      }
      const batch = batches.get(frame.event.topic);
      if (batch) batch.push(frame.event);
      else batches.set(frame.event.topic, [frame.event]);
    }
    this.#flush(batches);
  }

  #flush(batches: Map<Topic, LiveEvent[]>): void {
    for (const [topic, events] of batches) {
      const subscription = this.#subscriptions.get(topic);
      if (!subscription) continue;
      const newest = events.at(-1)?.id ?? 0;
      if (newest > 0 && !subscription.isSampled) subscription.last = Math.max(subscription.last ?? 0, newest);
      subscription.deliver(events);
    }
    batches.clear();
  }

  #take(frame: Exclude<LiveFrame, { type: "event" }>): void {
    if (frame.type === "hello") {
      this.#failures = 0;
      const { lostAt } = this.#state;
      this.#run = { startedAt: frame.startedAt, outageMs: lostAt === null ? 0 : Date.now() - lostAt };
      this.#setState({ status: "open", retryAt: null, lostAt: null });
    }
    if (!("topic" in frame)) return;
    const subscription = this.#subscriptions.get(frame.topic);
    if (!subscription) return;
    const { handlers } = subscription;
    if (frame.type === "subscribed") {
      subscription.last ??= frame.head;
      subscription.isSampled = false;
      const resumed = subscription.connection !== undefined && subscription.connection !== this.#connections;
      subscription.connection = this.#connections;
      handlers.onReady?.(resumed);
    } else if (frame.type === "gap") {
      subscription.last = Math.max(subscription.last ?? 0, frame.to);
      handlers.onGap?.(frame.from, frame.to);
    } else if (frame.type === "reset") {
      subscription.last = Math.max(0, frame.oldest - 1);
      handlers.onReset?.(frame.oldest);
    } else if (frame.type === "sampled") {
      subscription.last = Math.max(subscription.last ?? 0, frame.to);
      subscription.isSampled = frame.oneIn > 1;
      handlers.onSampled?.(frame);
    } else {
      handlers.onCounters?.(frame);
    }
  }

  #setState(state: LiveState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

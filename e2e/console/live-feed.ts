import type { Page, WebSocketRoute } from "@playwright/test";
import type { LiveFrame, LiveRequest } from "../../lib/contracts/events.ts";
import type { ForwardEvent } from "../../lib/contracts/forward-event.ts";

const tickMs = 50;

/**
 * Stands in for the live stream of the server: tells rows of the forward feed at a rate, as it would, in batches, from the
 * cursor that a viewer names. Each event is two rows: queued, then delivered.
 */
export class LiveFeed {
  readonly #target: string;
  readonly #perTick: number;
  readonly #rows: number;
  #head = 0;
  #connections = 0;
  #socket: WebSocketRoute | null = null;
  /** What the connection has told; null: it is not subscribed. */
  #told: number | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(target: string, events: number, perSecond: number) {
    this.#target = target;
    this.#rows = events * 2;
    this.#perTick = (perSecond * tickMs) / 1000;
  }

  get isDone(): boolean {
    return this.#head === this.#rows && this.#told === this.#rows;
  }

  get connections(): number {
    return this.#connections;
  }

  get share(): number {
    return this.#head / this.#rows;
  }

  async route(page: Page): Promise<void> {
    await page.routeWebSocket(/\/api\/v1\/live$/, (socket) => {
      this.#socket = socket;
      this.#told = null;
      this.#connections += 1;
      this.#say([{ type: "hello", version: "0", startedAt: new Date().toISOString() }]);
      socket.onMessage((text) => this.#asked(JSON.parse(String(text)) as LiveRequest));
    });
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#head = Math.min(this.#rows, this.#head + this.#perTick);
      this.#tell();
    }, tickMs);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /** Breaks the connection; what comes meanwhile is kept. */
  async cut(): Promise<void> {
    this.#told = null;
    await this.#socket?.close({ code: 1001 });
  }

  idsOf(): Set<string> {
    return new Set(Array.from({ length: this.#rows / 2 }, (_, index) => idOf(index)));
  }

  #asked(request: LiveRequest): void {
    if (request.type !== "subscribe") return;
    const isForward = request.topic === "forward";
    const head = isForward ? this.#head : 0;
    this.#say([{ type: "subscribed", topic: request.topic, head, oldest: isForward ? 1 : 0 }]);
    if (isForward) this.#told = request.since ?? head;
  }

  #tell(): void {
    if (this.#told === null || this.#told === this.#head) return;
    const to = Math.min(this.#head, this.#told + 500);
    const frames: LiveFrame[] = [];
    for (let id = this.#told + 1; id <= to; id += 1)
      frames.push({ type: "event", event: { topic: "forward", id, data: feedRow(this.#target, id - 1) } });
    this.#told = to;
    this.#say(frames);
  }

  #say(frames: LiveFrame[]): void {
    this.#socket?.send(JSON.stringify(frames));
  }
}

/** Rows `2n` and `2n + 1` of a feed are those of event `n`. */
export function feedRow(target: string, index: number): ForwardEvent {
  const event = Math.floor(index / 2);
  const isDelivered = index % 2 === 1;
  const now = new Date().toISOString();
  return {
    id: idOf(event),
    seq: event + 1,
    target,
    rule: "all",
    host: "localhost",
    user: `guest${event % 500}@localhost`,
    from: "capulet@localhost/hall",
    type: "chat",
    class: "chat",
    device: null,
    state: isDelivered ? "delivered" : "queued",
    attempts: isDelivered ? 1 : 0,
    maxAttempts: 12,
    createdAt: now,
    updatedAt: now,
    nextAttemptAt: isDelivered ? null : now,
    expiresAt: now,
    status: isDelivered ? 200 : null,
    ms: isDelivered ? 3 : null,
    error: null,
    bytes: 120,
    providerId: null,
    ackedAt: null,
  };
}

const idOf = (event: number): string => `evt_${String(event).padStart(22, "0")}`;

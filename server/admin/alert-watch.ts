import type { AlertPolicy } from "../../lib/contracts/operations-policy.ts";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { Timers } from "../forward/timers.ts";
import { alertText } from "./alert-text.ts";
import type { Concern } from "./concern.ts";

const everyMs = 30_000;
/** After this, what goes wrong together is known, and told in one message. */
const soonMs = 1_000;
/** What is over and comes back sooner is not told again until then: something that comes and goes fills nobody's phone. */
const quietMs = 10 * 60_000;
/** Lines of one message. */
const mostLines = 20;

export interface AlertMessage {
  readonly subject: string;
  readonly body: string;
}

export interface AlertWatchOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  policy(): AlertPolicy;
  /** All that wants attention now. */
  concerns(): Promise<readonly Concern[]>;
  send(recipients: readonly string[], message: AlertMessage): Promise<number>;
}

interface Told {
  readonly concern: Concern;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * Tells those who asked for it by message of what wants attention, once, and when it is over. What was told lives in this
 * process: after a restart what still holds is told again.
 */
export class AlertWatch {
  readonly #options: AlertWatchOptions;
  readonly #log: Log;
  readonly #told = new Map<string, Told>();
  /** When something that was told was over. */
  readonly #over = new Map<string, number>();
  #isRunning = false;
  #isHurried = false;
  #isLooking = false;
  #stopTimer: () => void = () => {};

  constructor(options: AlertWatchOptions) {
    this.#options = options;
    this.#log = options.log.for("alerts");
  }

  start(): void {
    this.#isRunning = true;
    this.#lookAfter(everyMs);
  }

  /** Something has happened that may be worth telling: the next look is soon. */
  hurry(): void {
    if (!this.#isRunning || this.#isHurried) return;
    this.#isHurried = true;
    if (this.#isLooking) return;
    this.#stopTimer();
    this.#lookAfter(soonMs);
  }

  stop(): void {
    this.#isRunning = false;
    this.#stopTimer();
  }

  /** What was told and is not over, newest first. */
  told(): readonly Told[] {
    return [...this.#told.values()].toReversed();
  }

  /** A message that says nothing but that it came. Answers to how many it went. */
  test(): Promise<number> {
    const body = "This is a test: what wants attention on this server will be told like this.";
    return this.#options.send(this.#options.policy().recipients, { subject: "Test", body });
  }

  /** Looks at what wants attention now, and tells what is new or over since the last time. */
  async look(): Promise<void> {
    const { policy, concerns, send, clock } = this.#options;
    const { recipients, least } = policy();
    if (recipients.length === 0) {
      this.#told.clear();
      return;
    }
    const now = clock.now();
    const current = new Map((await concerns()).map((one) => [keyOf(one), one]));
    for (const [key, at] of this.#over) if (now - at >= quietMs) this.#over.delete(key);
    // Whoever wants no warnings any more is not told that one is over, which it is not.
    for (const [key, { concern }] of this.#told) if (!isTold(concern, least)) this.#told.delete(key);
    const over = [...this.#told].filter(([key]) => !current.has(key));
    const fresh = [...current].filter(
      ([key, concern]) => isTold(concern, least) && !this.#told.has(key) && !this.#over.has(key),
    );
    if (over.length + fresh.length === 0) return;
    const raised = fresh.map(([, concern]) => alertText(concern));
    const ended = over.map(([, { concern }]) => `Over: ${alertText(concern)}`);
    // To nobody: the next look tries again.
    if ((await send(recipients, messageOf(raised, ended))) === 0) return;
    for (const [key] of over) {
      this.#told.delete(key);
      this.#over.set(key, now);
    }
    for (const [key, concern] of fresh) this.#told.set(key, { concern, at: now });
  }

  #lookAfter(ms: number): void {
    this.#stopTimer = this.#options.timers.after(ms, () => {
      this.#isHurried = false;
      this.#isLooking = true;
      void this.look()
        .catch((error: unknown) => this.#log.error("what wants attention could not be told", { error: String(error) }))
        .finally(() => {
          this.#isLooking = false;
          if (this.#isRunning) this.#lookAfter(this.#isHurried ? soonMs : everyMs);
        });
    });
  }
}

function isTold({ severity }: Concern, least: AlertPolicy["least"]): boolean {
  return severity === "error" || (severity === "warning" && least === "warning");
}

function keyOf({ code, subject }: Concern): string {
  return `${code} ${subject}`;
}

function messageOf(raised: readonly string[], ended: readonly string[]): AlertMessage {
  const lines = [...raised, ...ended];
  const shown = lines.slice(0, mostLines);
  const left = lines.length - shown.length;
  return {
    subject: raised.length > 0 ? "Needs attention" : "Over",
    body: [...shown, ...(left > 0 ? [`And ${left} more.`] : [])].join("\n"),
  };
}

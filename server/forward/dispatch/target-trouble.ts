import type { Log } from "../../core/log.ts";
import type { AttemptRecord } from "../../storage/ports.ts";
import type { ForwardAlert, TargetState } from "../service.ts";

/** Devices that turn out to be unregistered are usual; so many of them so fast, and as many as are not, are not. */
const pruningWindowMs = 600_000;
const minPruned = 20;
const pruningKeptMs = 3_600_000;

type Trouble = Pick<TargetState, "failingSince" | "failingReason" | "fault" | "goneSince" | "blocked" | "pruning">;

/**
 * What an operator has to know about a target. Each trouble is told once, when it begins; most end with a change of the
 * settings.
 */
export class TargetTrouble {
  readonly #tell: (kind: ForwardAlert["kind"], detail: string) => void;
  readonly #log: Log;
  #failingSince: number | null = null;
  #failingReason = "";
  #fault: Trouble["fault"] = null;
  #goneSince: number | null = null;
  #blocked: Trouble["blocked"] = null;
  #pruning: Trouble["pruning"] = null;
  #pruningUntil = 0;
  #windowAt = 0;
  #answered = 0;
  #unregistered = 0;

  constructor(target: string, alert: (alert: ForwardAlert) => void, log: Log) {
    this.#tell = (kind, detail) => alert({ kind, target, detail });
    this.#log = log;
  }

  /** Nothing is attempted until somebody did something. */
  get isHolding(): boolean {
    return this.#fault !== null || this.#goneSince !== null;
  }

  state(now: number): Trouble {
    return {
      failingSince: this.#failingSince,
      failingReason: this.#failingReason,
      fault: this.#fault,
      goneSince: this.#goneSince,
      blocked: this.#blocked,
      pruning: now < this.#pruningUntil ? this.#pruning : null,
    };
  }

  /** Other settings: what was wrong with those before may not be wrong with these. */
  settingsChanged(isPaused: boolean): void {
    this.#fault = null;
    this.#blocked = null;
    // A target that is gone is paused by the server itself (start.ts), which does not make it less gone.
    if (!isPaused) this.#goneSince = null;
  }

  failing(now: number, reason: string, waitSeconds: number): void {
    this.#failingReason = reason;
    this.#log.warn("the target fails: its queue waits", { reason, seconds: waitSeconds });
    if (this.#failingSince !== null) return;
    this.#failingSince = now;
    this.#tell("failing", reason);
  }

  recovered(): void {
    this.#failingSince = null;
    this.#failingReason = "";
    this.#log.info("the target answers again");
    this.#tell("recovered", "");
  }

  /** Called with every attempt that was answered, or refused for good. */
  note({ outcome, error }: Pick<AttemptRecord, "outcome" | "error">, now: number): void {
    const detail = error ?? outcome;
    if (outcome === "misconfigured" && this.#fault === null) {
      this.#fault = { since: now, detail };
      this.#log.warn("the target's settings are refused: its queue is held", { reason: detail });
      this.#tell("misconfigured", detail);
    } else if (outcome === "blocked" && this.#blocked === null) {
      this.#blocked = { since: now, detail };
      this.#log.warn("events are not sent: the target's address is refused", { reason: detail });
      this.#tell("blocked", detail);
    } else if (outcome === "gone" && this.#goneSince === null) {
      this.#goneSince = now;
      this.#log.warn("the target answered 410 Gone: its queue is held");
      this.#tell("gone", "HTTP 410");
    } else if (outcome === "delivered" || outcome === "unregistered") this.#count(outcome === "unregistered", now);
  }

  #count(isUnregistered: boolean, now: number): void {
    if (now - this.#windowAt >= pruningWindowMs) {
      this.#windowAt = now;
      this.#answered = 0;
      this.#unregistered = 0;
    }
    this.#answered += 1;
    if (!isUnregistered) return;
    this.#unregistered += 1;
    if (this.#unregistered < minPruned || this.#unregistered * 2 < this.#answered) return;
    const isNew = now >= this.#pruningUntil;
    this.#pruning = { since: isNew ? now : this.#pruning!.since, devices: this.#unregistered };
    this.#pruningUntil = now + pruningKeptMs;
    if (!isNew) return;
    this.#log.warn("unusually many devices are unregistered", { devices: this.#unregistered });
    this.#tell("pruning", String(this.#unregistered));
  }
}

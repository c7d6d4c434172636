import type { PolicyState } from "../../core/policy/state.ts";
import type { Archive, KeptMessage, NewOutboxEvent, Outbox } from "../../storage/ports.ts";
import { occasionOfKept } from "../plan/kept.ts";
import { planOne } from "../plan/plan.ts";
import { rulesByHost } from "../rules/by-host.ts";
import type { HostRules } from "../rules/compile.ts";

/** Messages looked through in one step: a few milliseconds of the thread that has the streams. */
const stepMessages = 100;

/** Which messages of which accounts a target may have missed. Times in milliseconds since the epoch, both included. */
export interface MissingWindow {
  readonly target: string;
  readonly hosts: readonly string[];
  readonly since: number;
  readonly until: number;
}

export interface MissingStep {
  readonly events: readonly NewOutboxEvent[];
  /** Where the next step goes on; null: nothing is left. */
  readonly upTo: number | null;
}

export interface MissingParts {
  readonly archive: Pick<Archive, "since">;
  readonly outbox: Pick<Outbox, "missing">;
  readonly policy: Pick<PolicyState, "document" | "matchesAcl">;
}

/**
 * Finds the events that a target should have by the rules in force now and has not, whatever became of them: for messages
 * that came while their recipient was away and are still kept, calls left out.
 */
export class MissingEvents {
  readonly #parts: MissingParts;
  readonly #window: MissingWindow;
  readonly #rules: ReadonlyMap<string, HostRules>;

  constructor(parts: MissingParts, window: MissingWindow) {
    const { policy } = parts;
    this.#parts = parts;
    this.#window = window;
    this.#rules = rulesByHost(window.hosts, policy.document.forward, policy);
  }

  /** Those for the messages after the one with the id `after`, whose time begins to run at `now`. */
  async next(after: number, now: number): Promise<MissingStep> {
    const { archive, outbox } = this.#parts;
    const rows = await archive.since(this.#window, after, stepMessages);
    const last = rows.at(-1);
    const planned = new Map<number, NewOutboxEvent>();
    for (const row of rows) {
      const event = this.#plan(row, now);
      if (event !== null) planned.set(row.id, event);
    }
    const asked = Array.from(planned, ([id, { user }]) => ({ id, user }));
    const missing = asked.length === 0 ? [] : await outbox.missing(this.#window.target, asked);
    return {
      events: missing.map((id) => planned.get(id)!),
      upTo: last === undefined || rows.length < stepMessages ? null : last.id,
    };
  }

  #plan(message: KeptMessage, now: number): NewOutboxEvent | null {
    const occasion = occasionOfKept(message);
    if (occasion === null) return null;
    const choices = this.#rules.get(message.host)?.choose(occasion) ?? [];
    const choice = choices.find(({ name }) => name === this.#window.target);
    const event = choice === undefined ? null : planOne(choice, occasion, now);
    return event === null ? null : { ...event, message: message.id };
  }
}

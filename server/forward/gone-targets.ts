import type { ForwardPolicy } from "../../lib/contracts/forward-policy.ts";
import type { Log } from "../core/log.ts";
import type { Outbox } from "../storage/ports.ts";

/**
 * Targets that the server has paused because they answered 410, and since when: kept, so that after a restart they do not
 * look as if somebody had paused them. Whoever resumes or removes one takes it off the list.
 */
export class GoneTargets {
  readonly #outbox: Pick<Outbox, "setGone">;
  readonly #log: Log;
  readonly #since: Map<string, number>;

  static async load(outbox: Pick<Outbox, "gone" | "setGone">, forward: ForwardPolicy, log: Log): Promise<GoneTargets> {
    const found = new GoneTargets(outbox, await outbox.gone(), log);
    for (const name of found.#since.keys()) if (!isPaused(forward, name)) found.forget(name);
    return found;
  }

  private constructor(outbox: Pick<Outbox, "setGone">, since: ReadonlyMap<string, number>, log: Log) {
    this.#outbox = outbox;
    this.#since = new Map(since);
    this.#log = log;
  }

  /** By name, since when: milliseconds since the epoch. */
  get all(): ReadonlyMap<string, number> {
    return this.#since;
  }

  /** It has just been paused for what it answered. */
  note(name: string, since: number): void {
    this.#since.set(name, since);
    this.#write(name, since);
  }

  forget(name: string): void {
    if (this.#since.delete(name)) this.#write(name, null);
  }

  policyChanged(now: ForwardPolicy, before: ForwardPolicy): void {
    for (const name of this.#since.keys()) if (isPaused(before, name) && !isPaused(now, name)) this.forget(name);
  }

  #write(name: string, since: number | null): void {
    this.#outbox.setGone(name, since).catch((error: unknown) => {
      this.#log.warn("why a target is paused cannot be kept", { target: name, error: String(error) });
    });
  }
}

function isPaused({ targets }: ForwardPolicy, name: string): boolean {
  return Object.hasOwn(targets, name) && targets[name]!.paused;
}

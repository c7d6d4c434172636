import { HandlerCost } from "./handler-cost.ts";
import { HookWatch } from "./hook-watch.ts";
import type { Handler, HookEvent, HookName, HookResult, Hooks } from "./hooks.ts";
import type { Log } from "./log.ts";

/** Is told of each run that a handler ended, with what it answered. It must not throw. */
export type RunObserver<N extends HookName> = (module: string, event: HookEvent<N>, result: Hooks[N]["result"]) => void;

interface Entry<N extends HookName> {
  readonly module: string;
  readonly priority: number;
  readonly handler: Handler<N>;
  readonly cost: HandlerCost;
}

type Chains = { [N in HookName]: readonly Entry<N>[] };
type Observers = { [N in HookName]: RunObserver<N> };

/** A handler in its chain, with what it has done since it was registered. */
export interface ChainLink {
  readonly module: string;
  readonly priority: number;
  readonly calls: number;
  readonly errors: number;
  readonly p95Us: number | null;
}

/** Every so many runs one is timed. A prime, so that no pattern of hooks keeps one of them from ever being it. */
const timedEvery = 61;

/** The hooks of one host. */
export class HookBus {
  readonly #log: Log;
  readonly #watch: HookWatch;
  readonly #entries: Partial<Chains> = {};
  readonly #observers: Partial<Observers> = {};
  #runs = 0;

  constructor(log: Log) {
    this.#log = log;
    this.#watch = new HookWatch(log);
  }

  add<N extends HookName>(module: string, name: N, handler: Handler<N>, priority = 50): () => void {
    const entry: Entry<N> = { module, priority, handler, cost: new HandlerCost() };
    this.#put(
      name,
      [...this.#list(name), entry].toSorted((a, b) => a.priority - b.priority),
    );
    return () =>
      this.#put(
        name,
        this.#list(name).filter((other) => other !== entry),
      );
  }

  /** Handlers of a hook in the order they run. */
  chain(name: HookName): readonly ChainLink[] {
    return this.#list(name).map(({ module, priority, cost: { calls, errors, p95Us } }) => ({
      module,
      priority,
      calls,
      errors,
      p95Us,
    }));
  }

  /** Hooks that somebody has registered a handler for. */
  names(): HookName[] {
    return (Object.keys(this.#entries) as HookName[]).filter((name) => this.#list(name).length > 0);
  }

  /** There is one observer for a hook, and nothing is spent on one that is not there. */
  observe<N extends HookName>(name: N, observer: RunObserver<N>): void {
    // As in #put.
    this.#observers[name] = observer as Observers[N];
  }

  /**
   * Runs the handlers: in the same turn as long as they answer at once, going on after a promise otherwise. A handler
   * that throws is logged with its module's name and skipped.
   */
  fire<N extends HookName>(name: N, event: HookEvent<N>): HookResult<N> | Promise<HookResult<N>> {
    const entries = this.#list(name);
    this.#runs += 1;
    const isTimed = this.#runs % timedEvery === 0;
    for (let index = 0; index < entries.length; index += 1) {
      const entry = entries[index]!;
      entry.cost.calls += 1;
      const began = isTimed ? performance.now() : 0;
      let result: HookResult<N> | Promise<HookResult<N>>;
      try {
        result = entry.handler(event);
      } catch (error) {
        this.#failed(name, entry, error);
        continue;
      }
      if (result instanceof Promise) return this.#later(name, event, entries, index, result, began);
      if (isTimed) entry.cost.took(performance.now() - began);
      if (result !== undefined) {
        this.#observers[name]?.(entry.module, event, result);
        return result;
      }
    }
    return undefined;
  }

  async #later<N extends HookName>(
    name: N,
    event: HookEvent<N>,
    entries: readonly Entry<N>[],
    first: number,
    pending: Promise<HookResult<N>>,
    firstBegan: number,
  ): Promise<HookResult<N>> {
    const isTimed = firstBegan !== 0;
    for (let index = first, began = firstBegan, next: ReturnType<Handler<N>> = pending; ;) {
      const entry = entries[index]!;
      try {
        const result = next instanceof Promise ? await this.#watch.answer(name, entry.module, next) : next;
        if (isTimed) entry.cost.took(performance.now() - began);
        if (result !== undefined) {
          this.#observers[name]?.(entry.module, event, result);
          return result;
        }
      } catch (error) {
        this.#failed(name, entry, error);
      }
      index += 1;
      const following = entries[index];
      if (following === undefined) return undefined;
      following.cost.calls += 1;
      began = isTimed ? performance.now() : 0;
      try {
        next = following.handler(event);
      } catch (error) {
        this.#failed(name, following, error);
        next = undefined;
      }
    }
  }

  #failed<N extends HookName>(name: N, { module, cost }: Entry<N>, error: unknown): void {
    cost.errors += 1;
    this.#log.error("a hook handler failed", {
      hook: name,
      handler: module,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }

  #list<N extends HookName>(name: N): readonly Entry<N>[] {
    return this.#entries[name] ?? [];
  }

  #put<N extends HookName>(name: N, entries: readonly Entry<N>[]): void {
    // The compiler does not see that Chains[N] is this very type for every N.
    this.#entries[name] = entries as Chains[N];
  }
}

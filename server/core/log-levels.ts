import type { Clock } from "./clock.ts";
import type { Log, LogLevel } from "./log.ts";

/** A level that somebody has set while the server runs. Times in milliseconds since the epoch. */
export interface LevelOverride {
  /** null: all modules that have no level of their own. */
  readonly module: string | null;
  readonly level: LogLevel;
  readonly by: string;
  readonly until: number;
}

/** Levels of the log that are set for a while and then are again what the configuration says. */
export class LogLevels {
  readonly standard: LogLevel;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #overrides = new Map<string | null, LevelOverride & { readonly timer: NodeJS.Timeout }>();
  readonly #onChange: () => void;

  /** `onChange` is called whenever the levels are no longer what they were, also by themselves. */
  constructor(log: Log, clock: Clock, onChange: () => void) {
    this.#log = log;
    this.#clock = clock;
    this.standard = log.level;
    this.#onChange = onChange;
  }

  set(module: string | null, level: LogLevel, by: string, forMs: number): LevelOverride {
    this.#forget(module);
    this.#log.setLevel(level, module ?? undefined);
    const timer = setTimeout(() => this.revert(module), forMs).unref();
    const override = { module, level, by, until: this.#clock.now() + forMs, timer };
    this.#overrides.set(module, override);
    this.#onChange();
    return override;
  }

  /** The level is again what it was; false: it had not been set. */
  revert(module: string | null): boolean {
    if (!this.#forget(module)) return false;
    if (module === null) this.#log.setLevel(this.standard);
    else this.#log.clearLevel(module);
    this.#onChange();
    return true;
  }

  list(): readonly LevelOverride[] {
    return Array.from(this.#overrides.values(), ({ module, level, by, until }) => ({ module, level, by, until }));
  }

  close(): void {
    for (const module of this.#overrides.keys()) this.#forget(module);
  }

  #forget(module: string | null): boolean {
    clearTimeout(this.#overrides.get(module)?.timer);
    return this.#overrides.delete(module);
  }
}

/** What a module may register with its host; each of it is undone when it stops. */
export type RegistrationKind = "hooks" | "iqs" | "features" | "streamFeatures" | "commands" | "timers";

/** How much of each a module has registered, and the domains that it serves. */
export interface Registered extends Readonly<Record<RegistrationKind, number>> {
  readonly services: readonly string[];
}

/** The registrations of a module that runs, and how to undo them: the last one first. */
export class Registrations {
  readonly #undo: (() => void)[] = [];
  readonly #counts: Record<RegistrationKind, number> = {
    hooks: 0,
    iqs: 0,
    features: 0,
    streamFeatures: 0,
    commands: 0,
    timers: 0,
  };
  readonly #services: string[] = [];

  add(kind: RegistrationKind, undo: () => void): void {
    this.#counts[kind] += 1;
    this.#undo.push(undo);
  }

  addService(domain: string, undo: () => void): void {
    this.#services.push(domain);
    this.#undo.push(undo);
  }

  onStop(cleanup: () => void): void {
    this.#undo.push(cleanup);
  }

  summary(): Registered {
    return { ...this.#counts, services: [...this.#services] };
  }

  undo(): void {
    for (const step of this.#undo.splice(0).toReversed()) step();
  }
}

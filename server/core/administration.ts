import type { Command } from "./command.ts";

/** Makes the commands by which a host is administered. */
export type CommandsFor = (host: string) => readonly Command[];

/**
 * Where whoever can administer the server leaves commands for those who offer them to entities: neither needs to know the
 * other, nor which of them is there first.
 */
export class Administration {
  readonly #makers = new Set<CommandsFor>();
  readonly #listeners = new Set<(make: CommandsFor) => void>();

  provide(make: CommandsFor): void {
    this.#makers.add(make);
    for (const listener of this.#listeners) listener(make);
  }

  /** Hears of what is there and of what comes, until the function returned is called. */
  follow(listener: (make: CommandsFor) => void): () => void {
    this.#listeners.add(listener);
    for (const make of this.#makers) listener(make);
    return () => this.#listeners.delete(listener);
  }
}

/** Something that reads what a stranger wrote. */
export interface Target {
  readonly name: string;
  /** What words of its format may be put in. */
  readonly words: readonly string[];
  /** Throws when there is a defect: what the reader may refuse with is caught here. */
  readonly run: (input: Buffer) => void | Promise<void>;
  /** What is asked after a batch of inputs, such as whether the server is still there. */
  readonly check?: () => Promise<void>;
  readonly stop?: () => Promise<void>;
}

/** Runs a reader that says no by one kind of error only. */
export function refusing(kinds: readonly (abstract new (...args: never[]) => Error)[], read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!kinds.some((kind) => error instanceof kind)) throw error;
  }
}

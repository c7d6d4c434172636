import type { Stage } from "./stage.ts";

/** A row of XEP-0479 4 that has a server column. */
export interface Row {
  readonly feature: string;
  /** From which level on a server needs it. `noted`: named by the suite, needed by none. */
  readonly level: "server" | "advanced" | "noted";
  readonly specifications: string;
  /** What the server does, which the row then did: printed with it. */
  readonly behaviour: string;
  /** Says nothing about how a client is connected: shown once. */
  readonly isOnce?: boolean;
  /** Rejects with what the server did instead. */
  show(stage: Stage): Promise<void>;
}

export interface Category {
  readonly name: string;
  readonly rows: readonly Row[];
}

import type { Element } from "../xmpp/element.ts";
import type { FormValues } from "../xmpp/forms.ts";
import type { Packet } from "./router.ts";

/** A command that entities can run on a host or a service (XEP-0050), served by whichever module speaks that protocol. */
export interface Command {
  /** Unique at its entity. */
  readonly node: string;
  /** Label for people. */
  readonly name: string;
  /** Who is shown it and may run it. */
  mayRun(packet: Packet): boolean | Promise<boolean>;
  /**
   * Answers with what is asked next, or with the outcome. `stages` are the forms submitted so far in this session, oldest
   * first; none at the beginning, so that going back is being called with one less. Throw a StanzaError to refuse.
   */
  run(stages: readonly FormValues[], packet: Packet): CommandAnswer | Promise<CommandAnswer>;
}

export type CommandAnswer =
  /** A form to fill in. `isLast`: what it asks for completes the command. */
  | { readonly kind: "form"; readonly form: Element; readonly isLast: boolean }
  | { readonly kind: "completed"; readonly form?: Element; readonly note?: CommandNote };

/** XEP-0050 4.3. */
export interface CommandNote {
  readonly type: "info" | "warn" | "error";
  readonly text: string;
}

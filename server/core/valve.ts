import type { Stanza } from "../xmpp/stanza.ts";

/** Decides what of a session's stanzas its client gets now. */
export interface SessionValve {
  /** Its client has said that nobody looks at it. */
  readonly isInactive: boolean;
  /** true: it is kept back. Before it lets one through, it passes on those that have to come first (`Session.pass`). */
  keeps(stanza: Stanza): boolean;
}

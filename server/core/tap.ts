import type { Stanza } from "../xmpp/stanza.ts";
import type { Session } from "./session.ts";

/** Sees every stanza that a session takes or gives. It must not throw and must not keep the stanza. */
export type StanzaTap = (direction: "in" | "out", session: Session, stanza: Stanza) => void;

/** One branch on the hot path: null while nobody looks. */
export const stanzas: { tap: StanzaTap | null } = { tap: null };

const taps = new Set<StanzaTap>();

/** Looks at the traffic of all sessions of this process until the function returned is called. */
export function tapStanzas(tap: StanzaTap): () => void {
  taps.add(tap);
  install();
  return () => {
    taps.delete(tap);
    install();
  };
}

function install(): void {
  stanzas.tap = taps.size === 0 ? null : (...args) => taps.forEach((tap) => tap(...args));
}

import type { ImportReport } from "../../../lib/contracts/portability.ts";
import type { Element } from "../../xmpp/element.ts";

const maxProblems = 100;
const maxUnknown = 100;

/** What an import has come across. */
export class Tally {
  readonly accounts = { created: 0, updated: 0, skipped: 0, failed: 0 };
  readonly items: ImportReport["items"] = {
    contacts: 0,
    requests: 0,
    offlineMessages: 0,
    archivedMessages: 0,
    vcards: 0,
    privateXml: 0,
    blocked: 0,
    nodeItems: 0,
    rooms: 0,
  };
  withoutPassword = 0;
  readonly problems: { jid: string; reason: string }[] = [];
  readonly #unknown = new Map<string, number>();

  unknown({ ns, name }: Element): void {
    const key = `{${ns}}${name}`.slice(0, 300);
    if (this.#unknown.has(key) || this.#unknown.size < maxUnknown)
      this.#unknown.set(key, (this.#unknown.get(key) ?? 0) + 1);
  }

  problem(jid: string, reason: string): void {
    if (this.problems.length < maxProblems) this.problems.push({ jid: jid.slice(0, 512), reason });
  }

  get unknowns(): Record<string, number> {
    return Object.fromEntries(this.#unknown);
  }
}

import type { Jid } from "../../xmpp/jid.ts";

/** Most of these that a list is kept of: the account blocks nobody. */
const nobody: ReadonlySet<string> = new Set();

/** Whom an account blocks: full JIDs, bare JIDs, `domain/resource` or whole domains (XEP-0191 5). Immutable. */
export class BlockList {
  static readonly empty = new BlockList(nobody);
  readonly jids: ReadonlySet<string>;

  private constructor(jids: ReadonlySet<string>) {
    this.jids = jids;
  }

  static of(jids: Iterable<string>): BlockList {
    const set = new Set(jids);
    return set.size === 0 ? BlockList.empty : new BlockList(set);
  }

  /** An entry without a resource is for all resources, one of a domain for everybody there. */
  has(jid: Jid): boolean {
    const { jids } = this;
    if (jids.size === 0) return false;
    if (jids.has(jid.full) || jids.has(jid.bare) || jids.has(jid.domain)) return true;
    return jid.local !== "" && jid.resource !== "" && jids.has(`${jid.domain}/${jid.resource}`);
  }

  with(jids: Iterable<string>): BlockList {
    return BlockList.of([...this.jids, ...jids]);
  }

  without(jids: Iterable<string>): BlockList {
    const left = new Set(this.jids);
    for (const jid of jids) left.delete(jid);
    return BlockList.of(left);
  }
}

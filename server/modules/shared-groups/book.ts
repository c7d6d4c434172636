import type { Core } from "../../core/core.ts";
import type { GroupSummary } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";

const pageMembers = 1000;

interface LoadedGroup extends GroupSummary {
  readonly locals: Set<string>;
}

/**
 * The groups of a host in memory: who is in which, and who sees whom. Members are local parts. Of a group of all accounts the
 * first `maxContacts` are shown.
 */
export class GroupBook {
  readonly #core: Core;
  readonly #host: string;
  readonly #maxContacts: number;
  #groups: ReadonlyMap<string, LoadedGroup> = new Map();
  /** Groups that show a group, by its name. */
  #shownBy: ReadonlyMap<string, readonly LoadedGroup[]> = new Map();
  #everybody: readonly string[] = [];
  #accounts = 0;

  constructor(core: Core, host: string, maxContacts: number) {
    this.#core = core;
    this.#host = host;
    this.#maxContacts = maxContacts;
  }

  get isEmpty(): boolean {
    return this.#groups.size === 0;
  }

  get hasEverybody(): boolean {
    return this.#groups.values().some(({ members }) => members === "everybody");
  }

  get hasOnline(): boolean {
    return this.#groups.values().some(({ members }) => members === "online");
  }

  /** Reads all of it anew; what is asked meanwhile is answered from what was. */
  async load(): Promise<void> {
    const { groups, accounts } = this.#core.stores;
    const loaded = new Map<string, LoadedGroup>();
    for (const group of await groups.list(this.#host))
      loaded.set(group.name, { ...group, locals: new Set(await this.#membersOf(group.name)) });
    const isEverybodyIn = loaded.values().some(({ members }) => members === "everybody");
    this.#everybody = isEverybodyIn ? await accounts.names(this.#host, "", this.#maxContacts) : [];
    this.#accounts = isEverybodyIn ? await accounts.count(this.#host) : 0;
    const shownBy = new Map<string, LoadedGroup[]>();
    for (const group of loaded.values())
      for (const name of group.displays) shownBy.set(name, [...(shownBy.get(name) ?? []), group]);
    this.#groups = loaded;
    this.#shownBy = shownBy;
  }

  /** Have accounts come or gone by ways that tell nobody, such as imports? */
  async isStale(): Promise<boolean> {
    return this.hasEverybody && (await this.#core.stores.accounts.count(this.#host)) !== this.#accounts;
  }

  forget(local: string): void {
    for (const { locals } of this.#groups.values()) locals.delete(local);
    this.#everybody = this.#everybody.filter((one) => one !== local);
    this.#accounts -= 1;
  }

  /** Whom an account sees: the labels of the groups that they are in, by local part; in order of the names. */
  seenBy(local: string): Map<string, string[]> {
    const seen = new Map<string, string[]>();
    for (const shown of this.#shownTo(local)) {
      for (const member of this.#current(shown)) {
        if (member === local) continue;
        const labels = seen.get(member);
        if (labels === undefined) seen.set(member, [shown.label]);
        else labels.push(shown.label);
      }
    }
    return new Map([...seen].toSorted(([a], [b]) => (a < b ? -1 : 1)).slice(0, this.#maxContacts));
  }

  sees(viewer: string, local: string): boolean {
    return viewer !== local && this.#shownTo(viewer).some((group) => this.#isIn(group, local));
  }

  /** Accounts that see this one and are online. */
  watchersOf(local: string): Set<string> {
    const watchers = new Set<string>();
    for (const group of this.#groups.values()) {
      if (!this.#isIn(group, local)) continue;
      for (const viewer of this.#shownBy.get(group.name) ?? [])
        for (const member of this.#present(viewer)) if (member !== local) watchers.add(member);
    }
    return watchers;
  }

  /** Accounts that are online and see those who are. */
  watchersOfOnline(): Set<string> {
    const watchers = new Set<string>();
    for (const group of this.#groups.values()) {
      if (group.members !== "online") continue;
      for (const viewer of this.#shownBy.get(group.name) ?? [])
        for (const member of this.#present(viewer)) watchers.add(member);
    }
    return watchers;
  }

  /** Groups whose members an account sees, each once. */
  #shownTo(local: string): LoadedGroup[] {
    const names = new Set<string>();
    for (const group of this.#groups.values())
      if (this.#isIn(group, local)) for (const name of group.displays) names.add(name);
    return [...names].flatMap((name) => this.#groups.get(name) ?? []);
  }

  #isIn({ members, locals }: LoadedGroup, local: string): boolean {
    return members === "everybody" || locals.has(local) || (members === "online" && this.#isOnline(local));
  }

  *#current({ members, locals }: LoadedGroup): Iterable<string> {
    yield* locals;
    const others = members === "everybody" ? this.#everybody : members === "online" ? this.#online() : [];
    for (const local of others) if (!locals.has(local)) yield local;
  }

  *#present({ members, locals }: LoadedGroup): Iterable<string> {
    if (members !== "listed") yield* this.#online();
    else for (const local of locals) if (this.#isOnline(local)) yield local;
  }

  *#online(): Iterable<string> {
    const suffix = `@${this.#host}`;
    for (const jid of this.#core.sessions.accounts()) if (jid.endsWith(suffix)) yield jid.slice(0, -suffix.length);
  }

  #isOnline(local: string): boolean {
    return this.#core.sessions.of(Jid.of(local, this.#host)).length > 0;
  }

  async #membersOf(name: string): Promise<string[]> {
    const all: string[] = [];
    for (;;) {
      const page = await this.#core.stores.groups.members(this.#host, name, all.at(-1) ?? "", pageMembers);
      all.push(...page);
      if (page.length < pageMembers) return all;
    }
  }
}

import type { Group } from "../../lib/contracts/groups.ts";
import type { contract } from "../../lib/contracts/index.ts";
import type { GroupSummary } from "../storage/ports.ts";
import { Jid } from "../xmpp/jid.ts";
import { hostName, requireHost } from "./address.ts";
import type { Call } from "./call.ts";
import { badInput, refused } from "./errors.ts";
import type { Admin } from "./parts.ts";
import type { Verbs } from "./verbs.ts";

/** Rosters of a whole host are worked out in memory. */
const maxGroups = 200;
const maxMembers = 10_000;

export function groups({ core, events }: Admin): Verbs<typeof contract.groups> {
  const { stores, sessions } = core;

  const served = (text: string): string => {
    const host = hostName(text);
    requireHost(core, host);
    return host;
  };

  const find = async (host: string, name: string): Promise<GroupSummary> => {
    const group = await stores.groups.find(host, name);
    if (group === null) throw refused("not-found", "no-such-group", { host, name });
    return group;
  };

  const changed = async (host: string, name: string, call: Call): Promise<void> => {
    call.note(`${name} on ${host}`);
    await core.hosts.get(host)?.hooks.fire("groups/changed", { names: [name] });
    events.publish("groups", `${name} on ${host}`, call.author);
  };

  const requireDisplayed = async (host: string, name: string, displays: readonly string[]): Promise<void> => {
    const known = new Set((await stores.groups.list(host)).map((group) => group.name)).add(name);
    const unknown = displays.find((other) => !known.has(other));
    if (unknown !== undefined) throw badInput("displays", "group-missing", { name: unknown });
  };

  return {
    async list({ host }, call) {
      const hosts = call.hosts(host === undefined ? undefined : served(host));
      const shown = hosts ?? Object.keys(core.policy.document.hosts).toSorted();
      const lists = await Promise.all(shown.map((one) => stores.groups.list(one)));
      return { items: lists.flat().map(describe) };
    },

    async get({ host, name }) {
      return describe(await find(served(host), name));
    },

    async create({ host: text, name, displays, ...rest }, call) {
      const host = served(text);
      call.note(`${name} on ${host}`);
      await requireDisplayed(host, name, displays);
      const outcome = await stores.groups.put({ host, name, displays, ...rest }, "new", maxGroups);
      if (outcome === "exists") throw refused("exists", "group-exists", { host, name });
      if (outcome === "too-many") throw refused("conflict", "too-many-groups", { host, most: maxGroups });
      await changed(host, name, call);
      return describe(await find(host, name));
    },

    async update({ host: text, name, displays, ...rest }, call) {
      const host = served(text);
      await requireDisplayed(host, name, displays);
      const outcome = await stores.groups.put({ host, name, displays, ...rest }, "known", maxGroups);
      if (outcome === "unknown") throw refused("not-found", "no-such-group", { host, name });
      await changed(host, name, call);
      return describe(await find(host, name));
    },

    async remove({ host: text, name }, call) {
      const host = served(text);
      if (!(await stores.groups.remove(host, name))) throw refused("not-found", "no-such-group", { host, name });
      await changed(host, name, call);
      return { ok: true };
    },

    async members({ host: text, name, cursor, limit }) {
      const host = served(text);
      const { listed } = await find(host, name);
      const locals = await stores.groups.members(host, name, cursor ?? "", limit + 1);
      const items = locals.slice(0, limit).map((local) => {
        const jid = Jid.of(local, host);
        return { jid: jid.bare, online: sessions.of(jid).length };
      });
      return { items, nextCursor: locals.length > limit ? (locals[limit - 1] ?? null) : null, total: listed };
    },

    async changeMembers({ host: text, name, add, remove }, call) {
      const host = served(text);
      const coming = add.map((one) => localOf(one, host, "add"));
      const unknown = await firstUnknown(host, coming);
      if (unknown !== null) throw badInput("add", "account-missing-there", { name: unknown, host });
      const going = remove.map((one) => localOf(one, host, "remove"));
      const outcome = await stores.groups.change(host, name, coming, going, maxMembers);
      if (outcome === null) throw refused("not-found", "no-such-group", { host, name });
      if (outcome === "too-many") throw refused("conflict", "too-many-members", { most: maxMembers });
      await changed(host, name, call);
      return outcome;
    },
  };

  async function firstUnknown(host: string, locals: readonly string[]): Promise<string | null> {
    const known = await Promise.all(locals.map((local) => stores.accounts.exists(host, local)));
    return locals.find((_, index) => known[index] === false) ?? null;
  }
}

function describe({ displays, ...group }: GroupSummary): Group {
  return { ...group, displays: [...displays] };
}

/** A member by user name or by address. */
function localOf(text: string, host: string, path: string): string {
  const jid = Jid.tryParse(text.includes("@") ? text : `${text}@${host}`);
  if (jid === undefined || jid.local === "" || jid.domain !== host || jid.resource !== "")
    throw badInput(path, "jid-elsewhere", { jid: text, host });
  return jid.local;
}

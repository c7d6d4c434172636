import type { contract } from "../../lib/contracts/index.ts";
import type { User } from "../../lib/contracts/users.ts";
import type { AccountRow, Suspension } from "../storage/ports.ts";
import { Jid, JidError } from "../xmpp/jid.ts";
import { accountJid, hostName, requireHost } from "./address.ts";
import { addAdmin, guardAdmins, removeAdmin, requireOtherAdmin } from "./admins.ts";
import type { Call } from "./call.ts";
import { endConsoleSessions } from "./console-sessions.ts";
import { AdminError, badInput } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

export function users(admin: Admin): Verbs<typeof contract.users> {
  const { core, events } = admin;
  const { accounts, stores, sessions, policy, clock } = core;

  const describe = (row: AccountRow): User => {
    const jid = Jid.of(row.local, row.host);
    return {
      jid: jid.bare,
      local: row.local,
      host: row.host,
      createdAt: timestamp(row.createdAt),
      createdVia: row.createdVia,
      createdFrom: row.createdFrom,
      suspended: row.suspended && suspensionOf(row.suspended),
      online: sessions.of(jid).length,
      lastActivity: row.lastActivity && { at: timestamp(row.lastActivity.at), status: row.lastActivity.status },
      offlineMessages: row.offlineMessages,
      isAdmin: policy.allows("configure", { jid, ip: null, host: row.host }),
    };
  };

  const find = async (jid: Jid): Promise<AccountRow> => {
    const row = await stores.accounts.find(jid.domain, jid.local);
    if (row === null) throw unknown(jid);
    return row;
  };

  const changed = (jid: Jid, call: Call): void => events.publish("users", jid.bare, call.author);

  const suspend = async (text: string, suspension: Suspension | null, call: Call): Promise<User> => {
    const jid = accountJid(core, text);
    guardAdmins(policy, jid, call);
    if (suspension !== null) requireOtherAdmin(policy, jid);
    if (!(await accounts.suspend(jid, suspension))) throw unknown(jid);
    if (suspension !== null) await endConsoleSessions(admin, jid, null);
    changed(jid, call);
    return describe(await find(jid));
  };

  return {
    async list({ host, search, filter, cursor, limit }, call) {
      const hosts = call.hosts(host === undefined ? undefined : hostName(host));
      const only = filter === "online" ? onlineOn(sessions.accounts(), hosts) : undefined;
      const page = await stores.accounts.list({
        cursor,
        limit,
        hosts,
        search,
        only,
        filter: filter === "online" ? "all" : filter,
      });
      return { ...page, items: page.items.map(describe) };
    },

    async get(input) {
      const jid = accountJid(core, input.jid);
      const [row, depth, roster] = await Promise.all([
        find(jid),
        stores.offline.depth(jid.domain, jid.local),
        stores.rosters.get(jid.domain, jid.local),
      ]);
      return {
        ...describe(row),
        offlineBytes: depth.bytes,
        roster: roster.items.map(({ jid: contact, name, subscription, ask, groups }) => ({
          jid: contact,
          name,
          subscription,
          ask,
          groups: [...groups],
        })),
      };
    },

    async create({ local, host, password }, call) {
      const name = hostName(host);
      requireHost(core, name);
      const user = userJid(local, name);
      call.note(user.bare);
      const via = call.caller.kind === "local" ? "cli" : "admin";
      if ((await accounts.create({ user, password, via })) === "exists")
        throw new AdminError("exists", `The account ${user.bare} exists already.`);
      return describe(await find(user));
    },

    async changePassword({ jid: text, password, keepSessions }, call) {
      const jid = accountJid(core, text);
      guardAdmins(policy, jid, call);
      if (!(await accounts.changePassword(jid, password, keepSessions ? "all" : null))) throw unknown(jid);
      await endConsoleSessions(admin, jid, call.caller.id);
      return { ok: true };
    },

    async checkPassword({ jid, password }) {
      return { matches: (await accounts.verify(accountJid(core, jid), password)) !== "wrong" };
    },

    async suspend({ jid, reason, until }, call) {
      if (accountJid(core, jid).bare === call.caller.name) throw badInput("jid", "is your own account");
      const at = clock.now();
      return suspend(jid, { reason, at, until: until === null ? null : Date.parse(until), by: call.author }, call);
    },

    resume: ({ jid }, call) => suspend(jid, null, call),

    async remove({ jid: text }, call) {
      const jid = accountJid(core, text);
      if (jid.bare === call.caller.name) throw badInput("jid", "is your own account");
      guardAdmins(policy, jid, call);
      requireOtherAdmin(policy, jid);
      if (!(await accounts.remove(jid))) throw unknown(jid);
      await endConsoleSessions(admin, jid, null);
      return { ok: true };
    },

    async clients(input) {
      const jid = accountJid(core, input.jid);
      await find(jid);
      const list = await core.clients.list(jid);
      return {
        items: list.map((one) => ({
          id: one.id,
          software: one.software,
          device: one.device,
          mechanism: one.mechanism,
          address: one.address,
          firstAt: timestamp(one.firstAt),
          lastAt: timestamp(one.lastAt),
          sessions: [...one.sessions],
          knowsPassword: one.knowsPassword,
          hasToken: one.hasToken,
        })),
      };
    },

    async revokeClient({ jid: text, id }, call) {
      const jid = accountJid(core, text);
      guardAdmins(policy, jid, call);
      await find(jid);
      const outcome = await core.clients.revoke(jid, id);
      if (outcome === "unknown") throw new AdminError("not-found", `${jid.bare} has no client ${id}.`);
      call.note(jid.bare, { client: id });
      events.publish("sessions", jid.bare, call.author);
      return { knowsPassword: outcome === "password" };
    },

    async grantAdmin({ jid: text }, call) {
      const jid = accountJid(core, text);
      await find(jid);
      await addAdmin(admin, jid, call);
      changed(jid, call);
      return { ok: true };
    },

    async revokeAdmin({ jid: text }, call) {
      const jid = accountJid(core, text);
      await removeAdmin(admin, jid, call);
      changed(jid, call);
      return { ok: true };
    },

    async importBatch({ users: batch, onConflict }, call) {
      const refused: { jid: string; reason: string }[] = [];
      const good = batch.flatMap(({ local, host, password }) => {
        const user = Jid.tryParse(`${local}@${host}`);
        if (user === undefined || user.resource !== "") {
          refused.push({ jid: `${local}@${host}`, reason: "is not the address of an account" });
          return [];
        }
        call.keepTo(user.domain);
        if (onConflict === "update") guardAdmins(policy, user, call);
        return { user, password };
      });
      const { failed, ...counts } = await accounts.importBatch(good, onConflict);
      call.note(`${batch.length} accounts`, counts);
      events.publish("users", null, call.author);
      return { ...counts, failed: [...refused, ...failed] };
    },
  };
}

function unknown(jid: Jid): AdminError {
  return new AdminError("not-found", `There is no account ${jid.bare}.`);
}

function userJid(local: string, host: string): Jid {
  try {
    return Jid.of(local, host);
  } catch (error) {
    if (error instanceof JidError) throw badInput("local", "is not a valid user name");
    throw error;
  }
}

function suspensionOf({ reason, at, until, by }: Suspension): NonNullable<User["suspended"]> {
  return { reason, at: timestamp(at), until: timestampOrNull(until), by };
}

function onlineOn(online: Iterable<string>, hosts: readonly string[] | undefined): string[] {
  const all = [...online];
  return hosts === undefined ? all : all.filter((jid) => hosts.includes(jid.slice(jid.indexOf("@") + 1)));
}

import type { contract } from "../../lib/contracts/index.ts";
import type { User } from "../../lib/contracts/users.ts";
import type { AccountRow } from "../storage/ports.ts";
import { Jid, JidError } from "../xmpp/jid.ts";
import { prepareLocalpart } from "../xmpp/localpart.ts";
import { readStored } from "../xmpp/stored.ts";
import { accountJid, hostName, requireHost } from "./address.ts";
import { addAdmin, guardAdmins, removeAdmin } from "./admins.ts";
import type { Call } from "./call.ts";
import { endConsoleSessions } from "./console-sessions.ts";
import { badInput, refused } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { timestamp } from "./timestamp.ts";
import { noAccount, userActs } from "./user-acts.ts";
import { nameIn, userCard } from "./user-card.ts";
import { userData } from "./user-data.ts";
import { userJobs } from "./user-jobs.ts";
import { describeUser, findUsers } from "./user-rows.ts";
import type { Verbs } from "./verbs.ts";

export function users(admin: Admin): Verbs<typeof contract.users> {
  const { core, events } = admin;
  const { accounts, stores, policy, clock } = core;
  const acts = userActs(admin);

  const describe = (row: AccountRow): User => describeUser(core, row);

  const find = async (jid: Jid): Promise<AccountRow> => {
    const row = await stores.accounts.find(jid.domain, jid.local);
    if (row === null) throw noAccount(jid);
    return row;
  };

  const changed = (jid: Jid, call: Call): void => events.publish("users", jid.bare, call.author);

  return {
    async list({ cursor, limit, ...filter }, call) {
      const page = await findUsers(core, filter, { cursor, limit }, call);
      const jids = page.items.map(({ local, host }) => Jid.of(local, host).bare);
      const [devices, rooms, cards] = await Promise.all([
        stores.devices.activeOf(jids),
        stores.rooms.countWith(jids),
        stores.personal.vcardTexts(page.items.map(({ local, host }) => ({ local, host }))),
      ]);
      const listed = (row: AccountRow, jid: string) => ({
        ...describe(row),
        name: nameIn(readStored(cards.get(jid) ?? null)),
        devices: devices.get(jid) ?? 0,
        rooms: rooms.get(jid) ?? 0,
      });
      return { ...page, items: page.items.map((row, index) => listed(row, jids[index]!)) };
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

    async card({ jid: text }) {
      const jid = accountJid(core, text);
      await find(jid);
      return userCard(core, jid);
    },

    async checkName({ local: text, host }) {
      const name = hostName(host);
      requireHost(core, name);
      const local = prepareLocalpart(text);
      if (typeof local !== "string") return { jid: null, fault: { ...local }, holder: null };
      const now = clock.now();
      const [isTaken, invite, application] = await Promise.all([
        stores.accounts.exists(name, local),
        stores.invites.holderOf(name, local, now),
        stores.applications.find(name, local),
      ]);
      const isAwaited = application !== null && application.denied === null && application.expiresAt > now;
      const holder = isTaken ? "account" : invite !== null ? "invite" : isAwaited ? "application" : null;
      return { jid: Jid.of(local, name).bare, fault: null, holder };
    },

    async create({ local, host, password }, call) {
      const name = hostName(host);
      requireHost(core, name);
      const user = userJid(local, name);
      call.note(user.bare);
      const via = call.caller.kind === "local" ? "cli" : "admin";
      if ((await accounts.create({ user, password, via })) === "exists")
        throw refused("exists", "account-exists", { jid: user.bare });
      return describe(await find(user));
    },

    async changePassword({ jid: text, password, keepSessions }, call) {
      const jid = accountJid(core, text);
      guardAdmins(policy, jid, call);
      if (!(await accounts.changePassword(jid, password, keepSessions ? "all" : null))) throw noAccount(jid);
      await endConsoleSessions(admin, jid, call.caller.id);
      return { ok: true };
    },

    async checkPassword({ jid, password }) {
      return { matches: (await accounts.verify(accountJid(core, jid), password)) !== "wrong" };
    },

    async suspend({ jid: text, reason, until }, call) {
      const jid = accountJid(core, text);
      const at = clock.now();
      const suspension = { reason, at, until: until === null ? null : Date.parse(until), by: call.author };
      await acts.suspend(jid, suspension, call);
      return describe(await find(jid));
    },

    async resume({ jid: text }, call) {
      const jid = accountJid(core, text);
      await acts.suspend(jid, null, call);
      return describe(await find(jid));
    },

    async remove({ jid }, call) {
      await acts.remove(accountJid(core, jid), call);
      return { ok: true };
    },

    async expirePassword({ jid }, call) {
      await acts.expirePassword(accountJid(core, jid), call);
      return { ok: true };
    },

    async tags({ host }, call) {
      const items = await stores.accounts.tags(call.hosts(host === undefined ? undefined : hostName(host)));
      return { items: items.map(({ tag, accounts: count }) => ({ tag, accounts: count })) };
    },

    async setTags({ jid: text, add, remove }, call) {
      const jid = accountJid(core, text);
      await acts.setTags(jid, { add, remove }, call);
      return describe(await find(jid));
    },

    ...userJobs(admin),
    ...userData(admin),

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
      if (outcome === "unknown") throw refused("not-found", "client-missing", { jid: jid.bare, id });
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

function userJid(local: string, host: string): Jid {
  try {
    return Jid.of(local, host);
  } catch (error) {
    if (error instanceof JidError) throw badInput("local", "invalid-user-name");
    throw error;
  }
}

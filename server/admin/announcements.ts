import type { Announcement, Motd } from "../../lib/contracts/announcements.ts";
import type { contract } from "../../lib/contracts/index.ts";
import {
  type AnnouncementRow,
  announcementsOf,
  type Motd as MotdRow,
} from "../features/announcements/announcements.ts";
import type { Jid } from "../xmpp/jid.ts";
import { accountJid, hostName, requireHost } from "./address.ts";
import type { Call } from "./call.ts";
import { badInput, refused } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { isFound, recipientsOf } from "./recipients.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

export function announcements({ core, events }: Admin): Verbs<typeof contract.announcements> {
  const { stores } = core;
  const told = announcementsOf(core);

  const served = (text: string): string => {
    const host = hostName(text);
    requireHost(core, host);
    return host;
  };

  const find = async (id: string, call: Call): Promise<AnnouncementRow> => {
    const row = await stores.announcements.find(id);
    if (row === null) throw refused("not-found", "announcement-missing", { id });
    if (row.host !== null) call.keepTo(row.host);
    else if (call.hosts() !== undefined) throw refused("forbidden", "for-all-hosts");
    if (call.audit !== null) call.note(row.host ?? "all hosts", { id });
    return row;
  };

  const selected = (jids: readonly string[], host: string | null): Jid[] => {
    const accounts = new Map(jids.map((text) => accountJid(core, text)).map((jid) => [jid.bare, jid]));
    const stray = accounts.values().find(({ domain }) => host !== null && domain !== host);
    if (stray !== undefined) throw badInput("jids", "jid-elsewhere", { jid: stray.bare, host: host! });
    return [...accounts.values()];
  };

  return {
    async list({ host, cursor, limit }, call) {
      const hosts = call.hosts(host === undefined ? undefined : hostName(host));
      const page = await stores.announcements.list(hosts, { cursor, limit });
      return { ...page, items: page.items.map(describe) };
    },

    async get({ id }, call) {
      return describe(await find(id, call));
    },

    async count({ host: text, audience }, call) {
      if (audience.kind === "selection") throw badInput("audience", "nothing-to-count");
      const host = text === undefined ? null : served(text);
      if (!isFound(audience)) return told.count(host, audience);
      return { count: (await recipientsOf(core, audience, host, call)).length, isExact: true };
    },

    async send({ host: text, audience, jids, subject, body, perSecond }, call) {
      const host = text === undefined ? null : served(text);
      const recipients = isFound(audience) ? await recipientsOf(core, audience, host, call) : selected(jids, host);
      if (isFound(audience) && recipients.length === 0) throw badInput("audience", "finds-nobody");
      if (audience.kind === "selection" && recipients.length === 0) throw badInput("jids", "names-nobody");
      if (audience.kind !== "selection" && jids.length > 0) throw badInput("jids", "selection-only");
      const whom = isFound(audience) ? { kind: audience.kind } : audience;
      const draft = { host, audience: whom, recipients, subject, body, perSecond, createdBy: call.author };
      const row = await told.begin(draft);
      if (row === null) throw refused("conflict", "too-many-announcements");
      call.note(host ?? "all hosts", { id: row.id, matching: row.matching });
      return describe(row);
    },

    async stop({ id }, call) {
      const row = await find(id, call);
      if (!(await told.stop(id))) throw refused("conflict", "announcement-over", { id, state: row.state });
      return describe(await find(id, call));
    },

    async motds(_input, call) {
      const hosts = call.hosts();
      const rows = await stores.announcements.motds();
      return { items: rows.filter(({ host }) => hosts?.includes(host) ?? true).map(describeMotd) };
    },

    async setMotd({ host: text, subject, body, again, tellPresent }, call) {
      const host = served(text);
      const before = told.motdOf(host);
      const id = again || before === undefined ? {} : { id: before.id };
      const motd = await told.setMotd(host, { subject, body, ...id }, call.author);
      call.note(host);
      events.publish("announcements", host, call.author);
      // Nobody waits for thousands to be told.
      if (tellPresent) void told.tellMotdToPresent(host);
      return describeMotd(motd);
    },

    async removeMotd({ host: text }, call) {
      const host = served(text);
      if (told.motdOf(host) === undefined) throw refused("not-found", "no-message-of-the-day", { host });
      await told.removeMotd(host);
      call.note(host);
      events.publish("announcements", host, call.author);
      return { ok: true };
    },
  };
}

function describe({ place: _place, ...row }: AnnouncementRow): Announcement {
  return { ...row, createdAt: timestamp(row.createdAt), finishedAt: timestampOrNull(row.finishedAt) };
}

function describeMotd({ id: _id, ...row }: MotdRow): Motd {
  return { ...row, setAt: timestamp(row.setAt) };
}

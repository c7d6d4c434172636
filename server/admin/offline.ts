import type { contract } from "../../lib/contracts/index.ts";
import type {
  OfflineFilter as Wanted,
  OfflineMessage,
  OfflinePolicy,
  OfflineQueue,
} from "../../lib/contracts/offline.ts";
import type { OfflineLimits } from "../core/hooks.ts";
import { formatStanzaId } from "../core/stanza-id.ts";
import { forwardLate } from "../forward/jobs/late.ts";
import type { OfflineFilter, OfflineQueue as QueueRow, OfflineStep, OutboxSummary } from "../storage/ports.ts";
import { Jid } from "../xmpp/jid.ts";
import { accountJid, hostName, requireHost } from "./address.ts";
import type { Call } from "./call.ts";
import { badInput, refused } from "./errors.ts";
import { describeJob, type JobStep } from "./jobs.ts";
import { bodyOf } from "./message-body.ts";
import { offlineXml } from "./offline-xml.ts";
import type { Admin } from "./parts.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

/** Messages of one step of a walk: a few milliseconds of a thread of the store. */
const countedPerStep = 20_000;
const purgedPerStep = 500;
const extendedPerStep = 2_000;
const forwardedAtOnce = 500;

/** Messages that wait for somebody who is away. */
export function offline(admin: Admin): Verbs<typeof contract.offline> {
  const { core, events, purges } = admin;
  const { stores, sessions, clock } = core;

  const limitsOf = (user: Jid): OfflineLimits | null => {
    const limits = core.hosts.get(user.domain)?.hooks.fire("offline/limits", { user });
    return limits === undefined || limits instanceof Promise ? null : limits;
  };

  const describe = (row: QueueRow): OfflineQueue => {
    const jid = Jid.of(row.local, row.host);
    const limits = limitsOf(jid);
    return {
      jid: jid.bare,
      host: row.host,
      messages: row.messages,
      bytes: row.bytes,
      oldestAt: timestamp(row.oldestAt),
      newestAt: timestamp(row.newestAt),
      online: sessions.of(jid).length,
      pendingForwards: row.pendingForwards,
      limits: limits && finiteLimits(limits),
      fill: limits && fillOf(row, limits),
    };
  };

  const filterOf = ({ host, jid, from, before }: Wanted, call: Call): OfflineFilter => {
    const account = jid === undefined ? undefined : accountJid(core, jid);
    if (account !== undefined) call.keepTo(account.domain);
    return {
      hosts: call.hosts(host === undefined ? undefined : hostName(host)),
      user: account && { host: account.domain, local: account.local },
      from: from === undefined ? undefined : (Jid.tryParse(from)?.full ?? from),
      before: before === undefined ? undefined : Date.parse(before),
    };
  };

  const countOf = async (filter: OfflineFilter) => {
    let messages = 0;
    let bytes = 0;
    for (let after: number | null = 0; after !== null;) {
      const step: OfflineStep = await stores.offline.matching(filter, after, countedPerStep);
      messages += step.messages;
      bytes += step.bytes;
      after = step.upTo;
    }
    return { messages, bytes };
  };

  /** The stored rows of one account with these places in its queue, or the oldest ones. */
  const rowsOf = async (jid: Jid, ids: readonly number[] | undefined) => {
    if (ids === undefined) return stores.offline.read(jid.domain, jid.local, 0, forwardedAtOnce);
    const rows = await Promise.all(ids.map((id) => stores.offline.read(jid.domain, jid.local, id - 1, 1)));
    return rows.flatMap(([row], index) => (row !== undefined && row.id === ids[index] ? [row] : []));
  };

  const messageOf = async (jid: Jid, id: number) => {
    const [row] = await rowsOf(jid, [id]);
    if (row === undefined) throw refused("not-found", "message-gone", { id, jid: jid.bare });
    return row;
  };

  const changed = (jid: Jid | null, call: Call): void => events.publish("offline", jid?.bare ?? null, call.author);

  return {
    async totals({ host }, call) {
      const hosts = call.hosts(host === undefined ? undefined : hostName(host));
      const asked = hosts ?? Object.keys(core.policy.document.hosts);
      const parts = await Promise.all(
        hosts === undefined ? [stores.offline.totals()] : hosts.map((one) => stores.offline.totals(one)),
      );
      const oldest = parts.flatMap(({ oldestAt }) => oldestAt ?? []);
      return {
        accounts: parts.reduce((sum, { accounts }) => sum + accounts, 0),
        messages: parts.reduce((sum, { messages }) => sum + messages, 0),
        bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
        oldestAt: oldest.length === 0 ? null : timestamp(Math.min(...oldest)),
        policies: asked.flatMap((name): OfflinePolicy[] => {
          const limits = limitsOf(Jid.parse(name));
          return limits === null ? [] : [{ host: name, ...finiteLimits(limits), expireDays: limits.expireDays }];
        }),
      };
    },

    async queues({ host, search, order, cursor, limit }, call) {
      const hosts = call.hosts(host === undefined ? undefined : hostName(host));
      const page = await stores.offline.queues({ hosts, search, order }, { cursor, limit });
      return { ...page, items: page.items.map(describe) };
    },

    async messages({ jid: text, cursor, limit }) {
      const jid = accountJid(core, text);
      const page = await stores.offline.list(jid.domain, jid.local, { cursor, limit });
      const about = await stores.outbox.about(
        jid.bare,
        page.items.map(({ key }) => key.id),
      );
      const forwards = Map.groupBy(about, ({ message }) => message);
      return {
        ...page,
        items: page.items.map(({ id, key, from, type, bytes, at, expiresAt, isArchived }): OfflineMessage => ({
          id,
          stanzaId: formatStanzaId(key),
          from,
          type,
          bytes,
          at: timestamp(at),
          expiresAt: timestampOrNull(expiresAt),
          archived: isArchived,
          forwards: (forwards.get(key.id) ?? []).map(({ event }) => chipOf(event)),
        })),
      };
    },

    async reveal({ jid: text, id }, call) {
      const jid = accountJid(core, text);
      call.note(jid.bare, { message: id });
      const { xml } = await messageOf(jid, id);
      return { body: bodyOf(xml), xml };
    },

    async export({ jid: text, cursor, limit }, call) {
      const jid = accountJid(core, text);
      call.note(jid.bare);
      const after = cursor === undefined ? 0 : Number(cursor);
      const rows = await stores.offline.read(jid.domain, jid.local, Number.isSafeInteger(after) ? after : 0, limit);
      const last = rows.at(-1);
      return {
        xml: offlineXml(jid, rows),
        messages: rows.length,
        nextCursor: last === undefined || rows.length < limit ? null : String(last.id),
      };
    },

    async remove({ jid: text, ids }, call) {
      const jid = accountJid(core, text);
      const { domain: host, local } = jid;
      const { messages } = await stores.offline.discard({ user: { host, local }, ids }, 0, Number.MAX_SAFE_INTEGER);
      call.note(jid.bare, { removed: messages });
      changed(jid, call);
      return { removed: messages };
    },

    deliver({ jid: text }, call) {
      const jid = accountJid(core, text);
      const isTaken = core.hosts.get(jid.domain)?.hooks.fire("offline/deliver", { user: jid });
      if (isTaken !== true) throw refused("conflict", "nobody-there", { jid: jid.bare });
      changed(jid, call);
      return { ok: true };
    },

    async forward({ jid: text, ids }, call) {
      const jid = accountJid(core, text);
      const rows = (await rowsOf(jid, ids)).map(({ key, from, at, xml }) => ({
        id: key.id,
        local: jid.local,
        from,
        at,
        xml,
      }));
      const parts = { outbox: stores.outbox, policy: core.policy };
      const { targets, ...counts } = await forwardLate(parts, jid.domain, jid.bare, rows, clock.now());
      if (targets.size > 0) admin.forward.wake(targets);
      call.note(jid.bare, counts);
      changed(jid, call);
      return counts;
    },

    async extend({ ids, until: text, ...wanted }, call) {
      const until = text === null ? null : Date.parse(text);
      if (until !== null && until <= clock.now()) throw badInput("until", "in-the-past");
      if (ids !== undefined && wanted.jid === undefined) throw badInput("jid", "queue-account-needed");
      const filter = { ...filterOf(wanted, call), ids };
      let extended = 0;
      for (let after: number | null = 0; after !== null;) {
        const step: OfflineStep = await stores.offline.extend(filter, until, after, extendedPerStep);
        extended += step.messages;
        after = step.upTo;
      }
      call.note(wanted.jid ?? `${extended} messages`, { extended, until: text });
      changed(filter.user === undefined ? null : Jid.of(filter.user.local, filter.user.host), call);
      return { extended };
    },

    async count(wanted, call) {
      const filter = filterOf(wanted, call);
      const [matching, all] = await Promise.all([countOf(filter), countAll(filter.hosts)]);
      return { ...matching, of: all };
    },

    async purge(wanted, call) {
      const filter = filterOf(wanted, call);
      const { messages } = await countOf(filter);
      const step: JobStep<number> = async (after, run) => {
        const { messages: done, upTo } = await stores.offline.discard(filter, after, purgedPerStep);
        run.did(done);
        return upTo;
      };
      const ended = (): void => changed(null, call);
      const job = purges.start({ by: call.author, about: null, matching: messages, from: 0, step, ended });
      call.note(`${messages} messages`, { purge: job.id });
      return describeJob(job);
    },

    purges: (_input, call) => ({
      items: purges.seenBy(call).map(describeJob),
    }),

    stopPurge: ({ id }, call) => describeJob(purges.stop(id, call)),
  };

  async function countAll(hosts: readonly string[] | undefined): Promise<number> {
    for (const host of hosts ?? []) requireHost(core, host);
    const parts = hosts === undefined ? [stores.offline.totals()] : hosts.map((host) => stores.offline.totals(host));
    return (await Promise.all(parts)).reduce((sum, { messages }) => sum + messages, 0);
  }
}

function chipOf({ id, target, state, device }: OutboxSummary): OfflineMessage["forwards"][number] {
  return { id, target, state, device };
}

function finiteLimits({ maxMessages, maxBytes }: OfflineLimits) {
  return {
    maxMessages: Number.isFinite(maxMessages) ? maxMessages : null,
    maxBytes: Number.isFinite(maxBytes) ? maxBytes : null,
  };
}

/** How much of the tighter limit is used; null: there is none. */
function fillOf({ messages, bytes }: QueueRow, { maxMessages, maxBytes }: OfflineLimits): number | null {
  if (!Number.isFinite(maxMessages) && !Number.isFinite(maxBytes)) return null;
  return Math.max(messages / Math.max(1, maxMessages), bytes / Math.max(1, maxBytes));
}

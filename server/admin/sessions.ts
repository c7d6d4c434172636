import type { contract } from "../../lib/contracts/index.ts";
import type { OnlineSession, SessionFilter } from "../../lib/contracts/sessions.ts";
import type { Session } from "../core/session.ts";
import { StreamError } from "../xmpp/errors.ts";
import { Jid } from "../xmpp/jid.ts";
import { AddressNames } from "./address-names.ts";
import { accountJid } from "./address.ts";
import type { Call } from "./call.ts";
import { badInput } from "./errors.ts";
import { describeJob, type JobStep } from "./jobs.ts";
import type { Admin } from "./parts.ts";
import { sessionsMatching } from "./session-filter.ts";
import { timestamp } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

const endedPerStep = 200;
const sampleSize = 5;

export function sessions({ core, events, sessionJobs: jobs, patient }: Admin): Verbs<typeof contract.sessions> {
  const matching = (filter: SessionFilter, call: Call): Iterable<Session> => sessionsMatching(core, filter, call);

  const told = async (shown: readonly Session[]): Promise<OnlineSession[]> => {
    const pushed = await core.stores.devices.activeOf(shown.map(({ bare }) => bare.bare));
    return shown.map((session) => describe(session, pushed.has(session.bare.bare)));
  };

  const names = new AddressNames(patient.dns, core.clock);

  return {
    async names({ addresses }, call) {
      // The DNS is asked for nobody who is not there.
      const there = new Set(Array.from(matching({}, call), ({ link }) => link.address));
      const shown = [...new Set(addresses)].filter((address) => there.has(address));
      const found = await Promise.all(shown.map((address) => names.of(address)));
      return { items: shown.map((address, index) => ({ address, name: found[index] ?? null })) };
    },

    async list({ cursor, limit, ...filter }, call) {
      const after = cursor === undefined ? "" : positionOf(cursor);
      const found: Session[] = [];
      let total = 0;
      for (const session of matching(filter, call)) {
        total += 1;
        if (session.jid.full > after) keepFirst(found, session, limit + 1);
      }
      const items = found.slice(0, limit);
      const nextCursor = found.length > limit ? Buffer.from(items.at(-1)!.jid.full).toString("base64url") : null;
      return { items: await told(items), nextCursor, total };
    },

    end({ jid: text, reason }, call) {
      const jid = Jid.tryParse(text);
      const account = accountJid(core, text);
      const ended = [...core.sessions.of(account)].filter(
        (one) => jid?.resource === "" || one.jid.resource === jid?.resource,
      );
      // RFC 6120 4.9.3.16: the server ends the stream for a reason of its own, and the client may come back.
      for (const session of ended) session.close(new StreamError("reset", reason === "" ? undefined : reason));
      call.note(jid?.full ?? account.bare, { ended: ended.length });
      if (ended.length > 0) events.publish("sessions", account.bare, call.author);
      return { ended: ended.length };
    },

    async countMatching(filter, call) {
      const found = [...matching(filter, call)];
      const accounts = new Set(found.map((session) => session.bare.bare)).size;
      return { matching: found.length, accounts, sample: await told(found.slice(0, sampleSize)) };
    },

    endMatching({ reason, ...filter }, call) {
      // Those that are there now: a client that comes back at once is not put out again.
      const found = [...matching(filter, call)];
      const step: JobStep<number> = async (start, run) => {
        for (const session of found.slice(start, start + endedPerStep)) {
          if (session.isClosed) continue;
          session.close(new StreamError("reset", reason === "" ? undefined : reason));
          run.did(1);
        }
        return start + endedPerStep < found.length ? start + endedPerStep : null;
      };
      const ended = (): void => events.publish("sessions", null, call.author);
      const job = jobs.start({ by: call.author, about: null, matching: found.length, from: 0, step, ended });
      call.note(`${found.length} sessions`, { job: job.id });
      return describeJob(job);
    },

    jobs: (_input, call) => ({ items: jobs.seenBy(call).map(describeJob) }),

    stopJob: ({ id }, call) => describeJob(jobs.stop(id, call)),
  };
}

function positionOf(cursor: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(cursor)) throw badInput("cursor", "no-cursor");
  return Buffer.from(cursor, "base64url").toString();
}

// Sorting all sessions for each page would hold up the streams; only the page is kept in order.
function keepFirst(page: Session[], session: Session, size: number): void {
  if (page.length === size && session.jid.full > page.at(-1)!.jid.full) return;
  let low = 0;
  for (let high = page.length; low < high;) {
    const middle = (low + high) >> 1;
    if (page[middle]!.jid.full < session.jid.full) low = middle + 1;
    else high = middle;
  }
  page.splice(low, 0, session);
  if (page.length > size) page.pop();
}

function describe(session: Session, isPushed: boolean): OnlineSession {
  const { link, presence } = session;
  return {
    jid: session.jid.full,
    host: session.host.name,
    address: link.address,
    port: link.port,
    transport: link.transport,
    tls: link.tls,
    secure: link.isSecure,
    mechanism: session.mechanism,
    software: session.agent?.software ?? null,
    device: session.agent?.device ?? null,
    priority: presence === null ? null : session.priority,
    show: presence?.childText("show") ?? "",
    status: presence?.childText("status") ?? "",
    since: timestamp(session.since),
    lastActive: timestamp(session.lastActive),
    hibernating: session.detachedAt !== null,
    isInactive: session.valve?.isInactive ?? false,
    unconfirmed: session.keeper === null ? null : session.keeper.unconfirmed.length,
    isPushed,
    stanzasIn: session.stanzasIn,
    stanzasOut: session.stanzasOut,
    ...link.traffic,
  };
}

import type { contract } from "../../lib/contracts/index.ts";
import type { OnlineSession } from "../../lib/contracts/sessions.ts";
import type { Session } from "../core/session.ts";
import { StreamError } from "../xmpp/errors.ts";
import { Jid } from "../xmpp/jid.ts";
import { accountJid, hostName } from "./address.ts";
import { badInput } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { timestamp } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

export function sessions({ core, events }: Admin): Verbs<typeof contract.sessions> {
  return {
    list({ host, search, cursor, limit }, call) {
      const hosts = call.hosts(host === undefined ? undefined : hostName(host));
      const wanted = search?.toLowerCase() ?? "";
      const after = cursor === undefined ? "" : positionOf(cursor);
      const found: Session[] = [];
      let total = 0;
      for (const session of core.sessions.all()) {
        if (hosts !== undefined && !hosts.includes(session.host.name)) continue;
        if (wanted !== "" && !isMatch(session, wanted)) continue;
        total += 1;
        if (session.jid.full > after) keepFirst(found, session, limit + 1);
      }
      const items = found.slice(0, limit);
      const nextCursor = found.length > limit ? Buffer.from(items.at(-1)!.jid.full).toString("base64url") : null;
      return { items: items.map(describe), nextCursor, total };
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
  };
}

function positionOf(cursor: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(cursor)) throw badInput("cursor", "is not a cursor of this list");
  return Buffer.from(cursor, "base64url").toString();
}

function isMatch(session: Session, wanted: string): boolean {
  return session.jid.full.toLowerCase().includes(wanted) || session.link.address.includes(wanted);
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

function describe(session: Session): OnlineSession {
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
    priority: presence === null ? null : session.priority,
    show: presence?.childText("show") ?? "",
    status: presence?.childText("status") ?? "",
    since: timestamp(session.since),
    lastActive: timestamp(session.lastActive),
    hibernating: session.detachedAt !== null,
    stanzasIn: session.stanzasIn,
    stanzasOut: session.stanzasOut,
  };
}

import { negated } from "../../lib/contracts/negation.ts";
import type { SessionFilter } from "../../lib/contracts/sessions.ts";
import type { Core } from "../core/core.ts";
import type { Session } from "../core/session.ts";
import { hostName } from "./address.ts";
import type { Call } from "./call.ts";

const minuteMs = 60_000;

/** Sessions that a filter matches now, on the hosts that the caller may see. */
export function* sessionsMatching(core: Core, filter: SessionFilter, call: Call): Generator<Session> {
  const hosts = call.hosts(filter.host === undefined ? undefined : hostName(filter.host));
  const isWanted = matcher(filter, core.clock.now());
  for (const session of core.sessions.all())
    if ((hosts?.includes(session.host.name) ?? true) && isWanted(session)) yield session;
}

function matcher(filter: SessionFilter, now: number): (session: Session) => boolean {
  const { search, transport, idleMinutes, hibernating } = filter;
  const text = search?.toLowerCase() ?? "";
  const not = negated(filter);
  const [notTransport, notIdle, notHibernating] = ["transport", "idleMinutes", "hibernating"].map((one) =>
    not.has(one),
  );
  const activeUntil = now - (idleMinutes ?? 0) * minuteMs;
  return ({ jid, link, lastActive, detachedAt }) =>
    (text === "" || jid.full.toLowerCase().includes(text) || link.address.includes(text)) &&
    (transport === undefined || (link.transport === transport) !== notTransport) &&
    (idleMinutes === undefined || lastActive < activeUntil !== notIdle) &&
    (hibernating === undefined || ((detachedAt !== null) === (hibernating === "yes")) !== notHibernating);
}

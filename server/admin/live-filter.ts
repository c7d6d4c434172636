import type { LiveEvent, LiveRequest } from "../../lib/contracts/events.ts";
import type { ForwardEvent } from "../../lib/contracts/forward-event.ts";
import type { ForwardFilter } from "../../lib/contracts/forward-filter.ts";
import { negated } from "../../lib/contracts/negation.ts";
import { isLogged } from "./log-filter.ts";

export type Subscribe = Extract<LiveRequest, { type: "subscribe" }>;

/** Does a viewer who asked for this, held to these hosts, see this event? */
export function isWanted(
  event: LiveEvent,
  { filter, log, watch }: Pick<Subscribe, "filter" | "log" | "watch">,
  hosts: readonly string[] | null,
): boolean {
  switch (event.topic) {
    case "forward":
      if (hosts !== null && !hosts.includes(event.data.host)) return false;
      return filter === undefined || matches(event.data, filter);
    case "registration":
      if (hosts !== null && !hosts.includes(event.data.host)) return false;
      return filter?.host === undefined || event.data.host === filter.host;
    case "log":
      return log === undefined || isLogged(event.data, log);
    case "stanzas":
      return event.data.watch === watch;
    default:
      return true;
  }
}

function matches(event: ForwardEvent, filter: Partial<ForwardFilter>): boolean {
  if (filter.host !== undefined && event.host !== filter.host) return false;
  const not = negated(filter);
  if (filter.target !== undefined && (event.target !== filter.target) !== not.has("target")) return false;
  if (filter.device !== undefined && (event.device !== filter.device) !== not.has("device")) return false;
  if (filter.class !== undefined && (event.class !== filter.class) !== not.has("class")) return false;
  if (filter.reason !== undefined && (event.error !== filter.reason) !== not.has("reason")) return false;
  if (filter.user !== undefined && (event.user !== filter.user) !== not.has("user")) return false;
  if (filter.state !== undefined && (event.state !== filter.state) !== not.has("state")) return false;
  if (filter.since !== undefined && event.createdAt < filter.since) return false;
  if (filter.until !== undefined && event.createdAt > filter.until) return false;
  if (filter.search === undefined) return true;
  const wanted = filter.search.toLowerCase();
  return [event.user, event.from, event.id, event.error ?? ""].some((text) => text.toLowerCase().includes(wanted));
}

/** What the failure counter of a topic counts. */
export function isFailure(event: LiveEvent): boolean {
  if (event.topic === "forward") return event.data.state === "dead" || event.data.state === "retrying";
  if (event.topic === "registration") return !event.data.verdict.allowed;
  if (event.topic === "log") return event.data.level === "error";
  return false;
}

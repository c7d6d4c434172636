import type { contract } from "../../lib/contracts/index.ts";
import type { MissingFilter, ReplayRequest } from "../../lib/contracts/replays.ts";
import { own } from "../core/policy/engine.ts";
import type { MissingWindow } from "../forward/jobs/missing.ts";
import type { Replay } from "../forward/jobs/replays.ts";
import { hostName } from "./address.ts";
import type { Call } from "./call.ts";
import { refused } from "./errors.ts";
import { outboxFilter, replayJob } from "./forward-event.ts";
import type { Admin } from "./parts.ts";
import type { Verbs } from "./verbs.ts";
import { requireWebServer } from "./web-server.ts";

type ReplayVerbs = Pick<
  Verbs<typeof contract.forward>,
  "countReplay" | "replay" | "countMissing" | "recoverMissing" | "replays" | "stopReplay"
>;

/** Many events at once: those that are dead, and those that were never made. */
export function forwardReplays({ core, replays }: Admin): ReplayVerbs {
  const deadFilter = ({ host, ids, withExpired, to, ...filter }: ReplayRequest, call: Call) => {
    if (to !== undefined) requireWebServer(core.policy.document, "to", to);
    const hosts = call.hosts(host === undefined ? undefined : hostName(host));
    const { state: _, ...dead } = outboxFilter(filter, hosts);
    return { ...dead, ids, withExpired, isForWebServers: to !== undefined };
  };

  const missingWindow = ({ target, host, since, until }: MissingFilter, call: Call): MissingWindow => {
    const { document } = core.policy;
    if (own(document.forward.targets, target) === undefined)
      throw refused("not-found", "target-missing", { name: target });
    return {
      target,
      hosts: call.hosts(host === undefined ? undefined : hostName(host)) ?? Object.keys(document.hosts),
      since: Date.parse(since),
      until: until === undefined ? core.clock.now() : Date.parse(until),
    };
  };

  const begun = (replay: Replay | null, call: Call) => {
    if (replay === null) throw refused("conflict", "too-many-replays");
    call.note(`${replay.matching} events`, { replay: replay.id });
    return replayJob(replay);
  };

  return {
    async countReplay(filter, call) {
      return { matching: await replays.count(deadFilter(filter, call)) };
    },

    async replay(filter, call) {
      const dead = deadFilter(filter, call);
      const { to } = filter;
      const begin = to === undefined ? replays.start(dead, call.author) : replays.startElsewhere(dead, to, call.author);
      return begun(await begin, call);
    },

    async countMissing(filter, call) {
      return { matching: await replays.countMissing(missingWindow(filter, call)) };
    },

    async recoverMissing(filter, call) {
      return begun(await replays.startMissing(missingWindow(filter, call), call.author), call);
    },

    replays: (_input, call) => ({
      items: replays
        .list()
        .filter((one) => isSeenBy(one, call))
        .map(replayJob),
    }),

    stopReplay({ id }, call) {
      const replay = replays.get(id);
      if (replay === undefined || !isSeenBy(replay, call)) throw refused("not-found", "replay-missing", { id });
      replays.stop(id);
      return replayJob(replays.get(id)!);
    },
  };
}

// Whoever is held to some hosts sees only their own: another's may be about other hosts.
function isSeenBy({ by }: Replay, { caller, author }: Call): boolean {
  return caller.kind !== "nobody" && (caller.hosts === null || by === author);
}

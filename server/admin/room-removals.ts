import { randomBytes } from "node:crypto";
import type { contract } from "../../lib/contracts/index.ts";
import type { Room, RoomFilter, RoomRemoval } from "../../lib/contracts/rooms.ts";
import type { RoomDestruction } from "../core/room-services.ts";
import type { RoomFilter as StoredFilter, RoomReport } from "../storage/ports.ts";
import type { Jid } from "../xmpp/jid.ts";
import type { Call } from "./call.ts";
import { AdminError } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { timestamp } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

const perStep = 50;
const sampleSize = 5;
const maxRunning = 2;
const maxKept = 20;

interface Parts {
  filterOf(filter: RoomFilter, call: Call): StoredFilter;
  describe(report: RoomReport): Room;
  venueOf(text: string | undefined): Jid | undefined;
}
type RemovalVerbs = Pick<Verbs<typeof contract.rooms>, "countMatching" | "removeMatching" | "removals" | "stopRemoval">;

/** Jobs that destroy the rooms that a filter matches. They live in this process: the same filter goes on with the rest. */
export function roomRemovals({ core, events }: Admin, { filterOf, describe, venueOf }: Parts): RemovalVerbs {
  const { stores, clock, log, roomServices } = core;
  /** Newest last. */
  const jobs = new Map<string, RoomRemoval>();

  const update = (id: string, change: Partial<RoomRemoval>): void => {
    const job = jobs.get(id);
    if (job !== undefined) jobs.set(id, { ...job, ...change });
  };
  const isRunning = (id: string): boolean => jobs.get(id)?.state === "running";
  const end = (id: string, state: RoomRemoval["state"]): void => {
    if (isRunning(id)) update(id, { state, finishedAt: timestamp(clock.now()) });
  };

  /** What is destroyed was empty or unused when the job came to it, not only when it began. */
  const removeAll = async (id: string, matching: () => StoredFilter, destruction: RoomDestruction): Promise<void> => {
    let cursor: string | null = null;
    do {
      const page: { items: readonly RoomReport[]; nextCursor: string | null } = await stores.rooms.report(matching(), {
        limit: perStep,
        ...(cursor === null ? {} : { cursor }),
      });
      for (const { host, local } of page.items) {
        if (!isRunning(id)) return;
        const isGone = await roomServices.get(host)?.destroy(local, destruction);
        if (isGone === true) update(id, { removed: (jobs.get(id)?.removed ?? 0) + 1 });
      }
      events.publish("rooms", null);
      cursor = page.nextCursor;
    } while (cursor !== null && isRunning(id));
    end(id, "done");
  };

  const seen = (id: string, call: Call): RoomRemoval => {
    const job = jobs.get(id);
    if (job === undefined || !isSeenBy(job, call)) throw new AdminError("not-found", `There is no job ${id}.`);
    return job;
  };

  return {
    async countMatching(filter, call) {
      const { total, items } = await stores.rooms.report(filterOf(filter, call), { limit: sampleSize });
      return { matching: total ?? 0, sample: items.map(describe) };
    },

    async removeMatching({ reason, venue, ...filter }, call) {
      if ([...jobs.values()].filter(({ state }) => state === "running").length >= maxRunning)
        throw new AdminError("conflict", "Too many of these jobs are running: stop one, or wait.");
      const destruction = { venue: venueOf(venue), ...(reason === "" ? {} : { reason }) };
      const matching = (await stores.rooms.report(filterOf(filter, call), { limit: 1 })).total ?? 0;
      const id = randomBytes(9).toString("base64url");
      const startedAt = timestamp(clock.now());
      jobs.set(id, { id, by: call.author, startedAt, finishedAt: null, state: "running", matching, removed: 0 });
      for (const [old, { state }] of jobs) if (jobs.size > maxKept && state !== "running") jobs.delete(old);
      call.note(`${matching} rooms`, { job: id });
      removeAll(id, () => filterOf(filter, call), destruction).catch((error: unknown) => {
        log.for("admin").error("rooms were not all destroyed", { job: id, error: String(error) });
        end(id, "failed");
      });
      return jobs.get(id)!;
    },

    removals: (_input, call) => ({ items: [...jobs.values()].filter((job) => isSeenBy(job, call)).toReversed() }),

    stopRemoval({ id }, call) {
      seen(id, call);
      end(id, "stopped");
      return seen(id, call);
    },
  };
}

// Whoever is held to some hosts sees only their own: another's may be about other hosts.
function isSeenBy({ by }: RoomRemoval, call: Call): boolean {
  return call.hosts() === undefined || by === call.author;
}

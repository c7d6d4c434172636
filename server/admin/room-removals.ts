import type { contract } from "../../lib/contracts/index.ts";
import type { Room, RoomFilter } from "../../lib/contracts/rooms.ts";
import { type RoomDestruction, roomServicesOf } from "../features/room-services.ts";
import type { RoomFilter as StoredFilter, RoomReport } from "../storage/ports.ts";
import type { Jid } from "../xmpp/jid.ts";
import type { Call } from "./call.ts";
import { describeJob, type JobStep } from "./jobs.ts";
import type { Admin } from "./parts.ts";
import type { Verbs } from "./verbs.ts";

const perStep = 50;
const sampleSize = 5;

interface Parts {
  filterOf(filter: RoomFilter, call: Call): StoredFilter;
  describe(report: RoomReport): Room;
  venueOf(text: string | undefined): Jid | undefined;
}
type RemovalVerbs = Pick<Verbs<typeof contract.rooms>, "countMatching" | "removeMatching" | "removals" | "stopRemoval">;

/** Jobs that destroy the rooms that a filter matches. */
export function roomRemovals({ core, events, removals }: Admin, { filterOf, describe, venueOf }: Parts): RemovalVerbs {
  const { rooms } = core.stores;
  const roomServices = roomServicesOf(core);

  return {
    async countMatching(filter, call) {
      const { total, items } = await rooms.report(filterOf(filter, call), { limit: sampleSize });
      return { matching: total ?? 0, sample: items.map(describe) };
    },

    async removeMatching({ reason, venue, ...filter }, call) {
      const destruction: RoomDestruction = { venue: venueOf(venue), ...(reason === "" ? {} : { reason }) };
      const matching = (await rooms.report(filterOf(filter, call), { limit: 1 })).total ?? 0;
      const changed = (): void => events.publish("rooms", null);
      // What is destroyed was empty or unused when the job came to it, not only when it began.
      const step: JobStep<string> = async (cursor, run) => {
        const page = await rooms.report(filterOf(filter, call), {
          limit: perStep,
          ...(cursor === "" ? {} : { cursor }),
        });
        for (const { host, local } of page.items) {
          if (run.isOver) break;
          if ((await roomServices.get(host)?.destroy(local, destruction)) === true) run.did(1);
        }
        changed();
        return page.nextCursor;
      };
      const job = removals.start({ by: call.author, about: null, matching, from: "", step, ended: changed });
      call.note(`${matching} rooms`, { job: job.id });
      return describeJob(job);
    },

    removals: (_input, call) => ({ items: removals.seenBy(call).map(describeJob) }),

    stopRemoval: ({ id }, call) => describeJob(removals.stop(id, call)),
  };
}

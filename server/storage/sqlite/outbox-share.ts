import { SHARED_LANE } from "../shared-lane.ts";
import { WAITING, type EventRecord } from "./outbox-state.ts";

/** Whose share of a target's room an event takes: its recipient's, its device's, or that of its recipient's calls. */
export function shareOf({ lane, user, device }: Pick<EventRecord, "lane" | "user" | "device">): string {
  if (device !== null) return lane;
  if (lane === SHARED_LANE) return user;
  const slash = lane.indexOf("/");
  return slash === -1 ? lane : lane.slice(0, slash);
}

/**
 * Where the waiting events of a recipient at a target are: three stretches of an index, all but the second in the order of the
 * outbox. What stands for `target` and `recipient` is a column or a parameter.
 */
export function waitingParts(target: string, recipient: string): readonly [string, string, string] {
  return [
    `fwd_event e INDEXED BY fwd_event_waiting WHERE e.target = ${target} AND e.lane = ${recipient} AND e.${WAITING}`,
    // The digit 0 comes after the slash.
    `fwd_event e INDEXED BY fwd_event_waiting WHERE e.target = ${target} AND e.lane > ${recipient} || '/'
      AND e.lane < ${recipient} || '0' AND e.${WAITING}`,
    `fwd_event e INDEXED BY fwd_event_shared WHERE e.target = ${target} AND e.user = ${recipient}
      AND e.lane IS '${SHARED_LANE}' AND e.${WAITING}`,
  ];
}

/** Where those of a share are: what goes to the recipient's devices has shares of its own. */
export function shareParts(target: string, share: string): readonly string[] {
  const [lane, lanes, shared] = waitingParts(target, share);
  return [lane, `${lanes} AND e.device IS NULL`, shared];
}

import type { LiveEvent } from "../../lib/contracts/events.ts";
import type { FeedRow } from "../storage/ports.ts";
import { auditEntry } from "./audit.ts";
import { forwardEvent } from "./forward-event.ts";
import { registrationDecision } from "./registration-decision.ts";

/** A feed row as viewers get it. */
export function liveEvent(row: FeedRow): LiveEvent {
  switch (row.feed) {
    case "forward":
      return { topic: "forward", id: row.id, data: forwardEvent(row.event) };
    case "registration":
      return { topic: "registration", id: row.id, data: registrationDecision(row.decision) };
    default:
      return { topic: "audit", id: row.id, data: auditEntry(row.entry) };
  }
}

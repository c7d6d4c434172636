import { z } from "zod";
import { HostName, Timestamp } from "./endpoint.ts";
import { ForwardFilter } from "./forward-filter.ts";
import { Name } from "./policy.ts";

/** Which dead events are attempted again: those that the filter matches, or of these only the ones named. */
export const ReplayFilter = ForwardFilter.omit({ state: true }).extend({
  ids: z.array(z.string().max(64)).min(1).max(1000).optional(),
  withExpired: z.boolean().optional().describe("expired events, too: everything that failed"),
});
export type ReplayFilter = z.infer<typeof ReplayFilter>;

/** Messages that a target has no event for, such as those from before it was added. */
export const MissingFilter = z.object({
  target: Name,
  host: HostName.optional(),
  since: Timestamp,
  until: Timestamp.optional(),
});
export type MissingFilter = z.infer<typeof MissingFilter>;

/** A replay, to another web server if `to` names one: then only what was for web servers. */
export const ReplayRequest = ReplayFilter.extend({ to: Name.optional() });
export type ReplayRequest = z.infer<typeof ReplayRequest>;

/** A job that brings dead events back, or makes those that are missing, no faster than their targets take them. */
export const Replay = z.object({
  id: z.string(),
  kind: z.enum(["dead", "missing"]),
  to: Name.nullable().describe("the target that all of them go to; null: each to its own"),
  by: z.string(),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  state: z.enum(["running", "done", "stopped", "failed"]),
  matching: z.int().describe("events that matched when it began"),
  replayed: z.int().describe("how many of them are on their way since"),
  left: z
    .int()
    .describe("how many stay dead: the target has their message already, or what it is to get cannot be told any more"),
});
export type Replay = z.infer<typeof Replay>;

import { z } from "zod";
import { HostName, Timestamp } from "./endpoint.ts";
import { ForwardState } from "./forward-event.ts";
import { MessageClass } from "./forward-policy.ts";
import { Negation } from "./negation.ts";

/** Which events of the forward log. */
export const ForwardFilter = z.object({
  host: HostName.optional(),
  target: z.string().max(64).optional(),
  device: z.string().max(64).optional(),
  user: z.string().max(3071).optional(),
  state: ForwardState.optional(),
  class: MessageClass.optional(),
  reason: z.string().max(1024).optional().describe("the error of the last attempt, to the letter"),
  search: z.string().max(255).optional().describe("part of recipient, sender, id or error"),
  since: Timestamp.optional(),
  until: Timestamp.optional(),
  not: Negation("target", "device", "user", "state", "class", "reason"),
});
export type ForwardFilter = z.infer<typeof ForwardFilter>;

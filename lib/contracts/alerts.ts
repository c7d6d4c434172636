import { z } from "zod";
import { endpoint, Timestamp } from "./endpoint.ts";
import { AlertPolicy } from "./operations-policy.ts";
import { PolicyIssue, Revision } from "./policy.ts";
import { AttentionItem } from "./server.ts";

const read = { permission: "server:read" } as const;
const write = (audit: string) => ({ permission: "server:write", audit }) as const;

export const alerts = {
  get: endpoint(
    "GET",
    "/alerts",
    read,
    "Who is told by message of what wants attention, and of what they were told",
  ).output(
    z.object({
      alerts: AlertPolicy,
      told: z
        .array(AttentionItem.omit({ more: true }).extend({ at: Timestamp, text: z.string() }))
        .describe("what they were told of and is not over, newest first"),
    }),
  ),
  set: endpoint("PUT", "/alerts", write("alerts.set"), "Say who is told by message of what wants attention")
    .input(z.object({ alerts: AlertPolicy, comment: z.string().max(1000).default("") }))
    .output(z.object({ revision: Revision, issues: z.array(PolicyIssue) })),
  test: endpoint("POST", "/alerts/test", write("alerts.test"), "Send a message to those who are told").output(
    z.object({ sent: z.int() }),
  ),
};

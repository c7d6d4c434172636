import { z } from "zod";

/** Accounts or sessions for which an answer changes: how many, and some of them. */
const Affected = z.object({
  count: z.int(),
  samples: z.array(z.string()).describe("At most five JIDs; none without the permission to list them."),
});

/** For whom a draft answers otherwise than the policy in force, by access rule. */
export const PolicyImpact = z.object({
  /** Accounts that there are, and those that both documents were asked about. */
  accounts: z.object({ total: z.int(), checked: z.int() }),
  sessions: z.int(),
  rules: z.array(
    z.object({
      rule: z.string(),
      gain: Affected.describe("Accounts that would be allowed and are not now, asked without an address."),
      lose: Affected,
      online: z.object({ gain: Affected, lose: Affected }).describe("Sessions, asked with their address."),
    }),
  ),
});
export type PolicyImpact = z.infer<typeof PolicyImpact>;

/** How many accounts, of those that were asked about, and how many sessions match a condition. */
export const PolicyCount = z.object({ matched: z.int(), checked: z.int(), total: z.int(), online: z.int() });
export type PolicyCount = z.infer<typeof PolicyCount>;

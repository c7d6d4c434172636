import { z } from "zod";

const names = ["EXTERNAL", "SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"] as const;

export const SaslOptions = z.strictObject({
  mechanisms: z
    .array(z.enum(names))
    .min(1)
    .default([...names])
    .describe(
      "Mechanisms that clients may use; EXTERNAL where they have a certificate for an account, SCRAM with its channel binding variant where TLS allows.",
    ),
  downgrade_protection: z
    .boolean()
    .default(true)
    .describe(
      "Let clients that use SCRAM see whether somebody in between changed what was offered to them (XEP-0474). Off for clients that stumble over it.",
    ),
});

import { z } from "zod";

/** Beside a sentence in English: what it says, for those who tell it in another language. Left out: nobody has a code for it. */
export const told = {
  reason: z.string().optional().describe("What the message says, by a code of `refusals` or `remarks`."),
  values: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .optional()
    .describe("What belongs into its sentence."),
};

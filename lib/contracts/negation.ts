import { z } from "zod";

/** Fields of a filter that are turned round: what they match is left out. As one text, so that it goes into an address. */
export const Negation = <Name extends string>(...names: readonly Name[]) =>
  z
    .string()
    .max(200)
    .refine(
      (text) => text.split(",").every((name) => (names as readonly string[]).includes(name)),
      `must be some of these, separated by commas: ${names.join(", ")}`,
    )
    .optional()
    .describe(`which of these are turned round, separated by commas: ${names.join(", ")}`);

/** The fields that a filter turns round. */
export const negated = ({ not }: { readonly not?: string | undefined }): ReadonlySet<string> =>
  not === undefined ? none : new Set(not.split(","));

const none: ReadonlySet<string> = new Set();

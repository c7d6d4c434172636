import { z } from "zod";
import { CommandError, exitCodes } from "./exit.ts";

/** What was given, as the API takes it, without what was not. */
export function parsed<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>, given: Record<string, unknown>) {
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const { success, data, error } = schema.safeParse(known);
  if (!success) throw new CommandError(z.prettifyError(error), exitCodes.usage);
  return Object.fromEntries(Object.entries(data).filter(([name]) => Object.hasOwn(known, name))) as typeof data;
}

/** Nothing is taken for everything. */
export const nothingChosen = (): CommandError =>
  new CommandError("which ones? Give a filter, or --all.", exitCodes.usage);

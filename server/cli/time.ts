import { CommandError, exitCodes } from "./exit.ts";

/** An option that is a point in time, as the API takes it. */
export function timeOf(name: string, options: Record<string, unknown>): string {
  const at = Date.parse(String(options[name]));
  if (Number.isNaN(at)) throw new CommandError(`--${name}: not a time; try 2026-11-22T08:00`, exitCodes.usage);
  return new Date(at).toISOString();
}

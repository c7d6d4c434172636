import type { Command } from "commander";

export const forHost = (command: Command): Command =>
  command.option("--host <host>", "the setting of one virtual host instead of the one for all");
export const hostOf = (options: Record<string, unknown>): { host?: string } =>
  typeof options["host"] === "string" ? { host: options["host"] } : {};

/** What `--force` says of a change of the policy. */
export const forced = "even if it locks you or everybody out, or a test of the policy fails";

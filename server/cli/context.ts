import type { Command } from "commander";
import { ConfigError, loadConfig } from "../config/load.ts";
import { connectionOf, createClient, explain, type Api, type Connection } from "./client.ts";
import { CommandError, exitCodes } from "./exit.ts";

/** Options that every command has. */
export interface GlobalOptions {
  readonly config?: string;
  readonly data?: string;
  readonly server?: string;
  readonly key?: string;
  readonly json?: boolean;
}

/** What a command works with. */
export interface Context {
  readonly api: Api;
  readonly connection: Connection;
  readonly data: string;
  readonly isJson: boolean;
  /** Prints the value as JSON with `--json`, else the lines. */
  print(value: unknown, lines: () => string | readonly string[]): void;
}

/** Prints a value as JSON, or the lines that say it. */
export function printer(isJson: boolean): Context["print"] {
  return (value, lines) => {
    if (isJson) {
      console.log(JSON.stringify(value, null, 2));
      return;
    }
    const text = lines();
    for (const line of typeof text === "string" ? [text] : text) console.log(line);
  };
}

/** The data directory: `--data`, else what the configuration says. */
export function dataDirectory(options: GlobalOptions): string {
  const env = options.data === undefined ? process.env : { ...process.env, NIGHTPOST_DATA: options.data };
  try {
    return loadConfig(options.config ?? process.env["NIGHTPOST_CONFIG"], env).config.data;
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(error.message, exitCodes.usage);
    throw error;
  }
}

export function contextOf(command: Command): Context {
  const options = command.optsWithGlobals<GlobalOptions>();
  const data = dataDirectory(options);
  const connection = connectionOf({ data, url: options.server, key: options.key ?? process.env["NIGHTPOST_KEY"] });
  const isJson = options.json ?? false;
  return {
    api: createClient(connection),
    connection,
    data,
    isJson,
    print: printer(isJson),
  };
}

/** Adds a command that is a call of the admin API: `run` gets its arguments and the context. */
export function apiCommand(
  parent: Command,
  signature: string,
  summary: string,
  run: (context: Context, args: string[], options: Record<string, unknown>) => Promise<void>,
  configure: (command: Command) => Command = (command) => command,
): void {
  configure(parent.command(signature).description(summary)).action(async (...given: unknown[]) => {
    const command = given.at(-1) as Command;
    const context = contextOf(command);
    try {
      await run(context, command.args, command.opts());
    } catch (error) {
      throw explain(error, context.connection);
    }
  });
}

/** Runs through the pages of a list. */
export async function* pages<T>(
  load: (cursor: string | undefined) => Promise<{ items: readonly T[]; nextCursor: string | null }>,
): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const page = await load(cursor);
    yield* page.items;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

import { z } from "zod";
import { Done, endpoint, PageInput, Timestamp } from "./endpoint.ts";
import { Negation } from "./negation.ts";
import { logLevels } from "./words.ts";

export const LogLevel = z.enum(logLevels);
export type LogLevel = z.infer<typeof LogLevel>;

/** A record of the server's log. `id` grows by one from record to record. */
export const LogRecord = z.object({
  id: z.int(),
  at: Timestamp,
  level: LogLevel,
  module: z.string(),
  message: z.string(),
  fields: z.record(z.string(), z.unknown()),
});
export type LogRecord = z.infer<typeof LogRecord>;

export const LogFilter = z.object({
  level: LogLevel.optional().describe("this one and those above it"),
  module: z.string().max(64).optional(),
  host: z.string().max(1023).optional(),
  search: z.string().max(255).optional().describe("part of the message or of a field, whatever the case"),
  since: Timestamp.optional(),
  until: Timestamp.optional(),
  not: Negation("level", "module"),
});
export type LogFilter = z.infer<typeof LogFilter>;

/** A level that somebody has set while the server runs. */
export const LogLevelOverride = z.object({
  module: z.string().nullable().describe("null: all modules that have no level of their own"),
  level: LogLevel,
  by: z.string(),
  until: Timestamp.describe("then it is again what the configuration says"),
});
export type LogLevelOverride = z.infer<typeof LogLevelOverride>;

const read = { permission: "log:read" } as const;
const write = (audit: string) => ({ permission: "log:write", audit }) as const;
const ModuleName = z.string().min(1).max(64);

export const log = {
  list: endpoint("GET", "/log", read, "The newest records of the server's log, newest first")
    .input(PageInput.extend(LogFilter.shape))
    .output(
      z.object({
        items: z.array(LogRecord),
        nextCursor: z.string().nullable(),
        oldest: z.int().describe("the first record that is still kept"),
      }),
    ),
  context: endpoint("GET", "/log/{id}", read, "A record with those around it, oldest first")
    .input(z.object({ id: z.coerce.number().int(), around: z.coerce.number().int().min(0).max(500).default(50) }))
    .output(z.object({ items: z.array(LogRecord) })),
  download: endpoint("GET", "/log/download", read, "Records as text, one a line, oldest first")
    .input(LogFilter)
    .output(z.object({ text: z.string(), records: z.int() })),
  levels: endpoint("GET", "/log/levels", read, "Levels of the log").output(
    z.object({
      standard: LogLevel.describe("as the configuration says"),
      modules: z.array(z.string()).describe("modules that have written something"),
      overrides: z.array(LogLevelOverride),
    }),
  ),
  setLevel: endpoint("PUT", "/log/levels", write("log.set-level"), "Set a level for a while, of one module or of all")
    .input(
      z.object({
        module: ModuleName.nullable().default(null),
        level: LogLevel,
        minutes: z.int().min(1).max(1_440).default(15),
      }),
    )
    .output(LogLevelOverride),
  resetLevel: endpoint(
    "POST",
    "/log/levels/reset",
    write("log.reset-level"),
    "Let a level be again what the configuration says",
  )
    .input(z.object({ module: ModuleName.nullable().default(null) }))
    .output(Done),
};

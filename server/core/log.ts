export type LogLevel = "debug" | "info" | "warn" | "error";
export type Fields = Readonly<Record<string, unknown>>;

export interface LogRecord {
  readonly at: number;
  readonly level: LogLevel;
  readonly module: string;
  readonly message: string;
  readonly fields: Fields;
}
export type LogSink = (record: LogRecord) => void;

const order: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Structured log: one record per event. Message bodies and secrets are never passed to it. */
export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** A log whose records name `module` and carry `fields`. */
  for(module: string, fields?: Fields): Log;
  /** Adds a sink; the function returned takes it away again. */
  tap(sink: LogSink): () => void;
  setLevel(level: LogLevel): void;
}

interface Shared {
  level: LogLevel;
  readonly sinks: Set<LogSink>;
}

function logger(shared: Shared, module: string, base: Fields): Log {
  const write = (level: LogLevel, message: string, fields: Fields | undefined): void => {
    if (order[level] < order[shared.level]) return;
    const record = { at: Date.now(), level, module, message, fields: fields ? { ...base, ...fields } : base };
    for (const sink of shared.sinks) sink(record);
  };
  return {
    debug: (message, fields) => write("debug", message, fields),
    info: (message, fields) => write("info", message, fields),
    warn: (message, fields) => write("warn", message, fields),
    error: (message, fields) => write("error", message, fields),
    for: (name, fields) => logger(shared, name, fields ? { ...base, ...fields } : base),
    tap(sink) {
      shared.sinks.add(sink);
      return () => shared.sinks.delete(sink);
    },
    setLevel(level) {
      shared.level = level;
    },
  };
}

export function createLog(level: LogLevel, ...sinks: LogSink[]): Log {
  return logger({ level, sinks: new Set(sinks) }, "server", {});
}

/** One line a record: time, level, module, message, then the fields as `key=value`. */
export function formatRecord(record: LogRecord): string {
  let line = `${new Date(record.at).toISOString()} ${record.level.padEnd(5)} ${record.module}: ${record.message}`;
  for (const [key, value] of Object.entries(record.fields)) line += ` ${key}=${formatValue(value)}`;
  return line;
}

// Anything that a peer can influence is quoted, so that a log line cannot be forged.
function formatValue(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value instanceof Error) return JSON.stringify(value.message);
  if (typeof value === "string") return /^[\w.:@/+-]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value) ?? "undefined";
}

/** For tests and embedded use: drops everything. */
export const silentLog: Log = createLog("error");

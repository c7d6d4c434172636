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

export function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return order[level] >= order[least];
}

/** Structured log: one record per event. Message bodies and secrets are never passed to it. */
export interface Log {
  /** Of modules that have no level of their own. */
  readonly level: LogLevel;
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** A log whose records name `module` and carry `fields`. */
  for(module: string, fields?: Fields): Log;
  /** Adds a sink; the function returned takes it away again. */
  tap(sink: LogSink): () => void;
  /** Records below the level are dropped: those of one module, or of all that have no level of their own. */
  setLevel(level: LogLevel, module?: string): void;
  /** The module has no level of its own any more. */
  clearLevel(module: string): void;
}

interface Shared {
  level: LogLevel;
  readonly levels: Map<string, LogLevel>;
  readonly sinks: Set<LogSink>;
}

function logger(shared: Shared, module: string, base: Fields): Log {
  const write = (level: LogLevel, message: string, fields: Fields | undefined): void => {
    if (!isAtLeast(level, shared.levels.get(module) ?? shared.level)) return;
    const record = { at: Date.now(), level, module, message, fields: fields ? { ...base, ...fields } : base };
    for (const sink of shared.sinks) sink(record);
  };
  return {
    get level() {
      return shared.level;
    },
    debug: (message, fields) => write("debug", message, fields),
    info: (message, fields) => write("info", message, fields),
    warn: (message, fields) => write("warn", message, fields),
    error: (message, fields) => write("error", message, fields),
    for: (name, fields) => logger(shared, name, fields ? { ...base, ...fields } : base),
    tap(sink) {
      shared.sinks.add(sink);
      return () => shared.sinks.delete(sink);
    },
    setLevel(level, of) {
      if (of === undefined) shared.level = level;
      else shared.levels.set(of, level);
    },
    clearLevel(of) {
      shared.levels.delete(of);
    },
  };
}

export function createLog(level: LogLevel, ...sinks: LogSink[]): Log {
  return logger({ level, levels: new Map(), sinks: new Set(sinks) }, "server", {});
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

import type { contract } from "../../lib/contracts/index.ts";
import type { LogFilter, LogLevelOverride, LogRecord } from "../../lib/contracts/log.ts";
import type { LevelOverride } from "../core/log-levels.ts";
import { formatRecord } from "../core/log.ts";
import { refused } from "./errors.ts";
import { logRecord } from "./log-feed.ts";
import { isLogged } from "./log-filter.ts";
import type { Admin } from "./parts.ts";
import { timestamp } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

const minuteMs = 60_000;
/** One answer holds so much text at most; what is older is left out. */
const maxDownload = 4 * 1024 * 1024;

/** The server's log, as far as it is in memory, and its levels. */
export function log({ core, logLevels }: Admin): Verbs<typeof contract.log> {
  const { logBook: book } = core;

  /** Records below `before` that the filter lets through, newest first, at most `limit`. */
  function* newest(filter: LogFilter, before: number): Generator<LogRecord> {
    for (let id = before - 1; id >= book.oldest; id -= 1) {
      const record = logRecord(book.get(id)!);
      if (isLogged(record, filter)) yield record;
    }
  }

  return {
    list({ cursor, limit, ...filter }) {
      const before = cursor === undefined ? book.head + 1 : Number(cursor);
      const items = newest(filter, Number.isSafeInteger(before) ? Math.min(before, book.head + 1) : 0)
        .take(limit + 1)
        .toArray();
      const page = items.slice(0, limit);
      return {
        items: page,
        nextCursor: items.length > limit ? String(page.at(-1)!.id) : null,
        oldest: book.oldest,
      };
    },

    context({ id, around }) {
      if (book.get(id) === undefined) throw refused("not-found", "record-gone", { id });
      const first = Math.max(book.oldest, id - around);
      const last = Math.min(book.head, id + around);
      return { items: Array.from({ length: last - first + 1 }, (_, index) => logRecord(book.get(first + index)!)) };
    },

    download(filter) {
      const lines: string[] = [];
      let length = 0;
      for (const { id } of newest(filter, book.head + 1)) {
        const line = formatRecord(book.get(id)!);
        length += line.length + 1;
        if (length > maxDownload) break;
        lines.push(line);
      }
      return {
        text: lines
          .toReversed()
          .map((line) => `${line}\n`)
          .join(""),
        records: lines.length,
      };
    },

    levels: () => ({
      standard: logLevels.standard,
      modules: book.modules(),
      overrides: logLevels.list().map(describe),
    }),

    setLevel({ module, level, minutes }, call) {
      call.note(module ?? "all modules", { level, minutes });
      return describe(logLevels.set(module, level, call.author, minutes * minuteMs));
    },

    resetLevel({ module }, call) {
      call.note(module ?? "all modules");
      if (!logLevels.revert(module))
        throw refused("not-found", "level-as-configured", { module: module ?? "all modules" });
      return { ok: true };
    },
  };
}

function describe({ module, level, by, until }: LevelOverride): LogLevelOverride {
  return { module, level, by, until: timestamp(until) };
}

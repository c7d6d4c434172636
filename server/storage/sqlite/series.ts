import type { CommitFigures, Sample, Series } from "../ports.ts";
import { foldSamples } from "../ports/sample-fold.ts";
import { change, LIMIT, query, type Connection, type Sync } from "./connection.ts";

interface Row {
  readonly at: number;
  readonly startedAt: number;
  readonly readings: string;
}

/** Counts the transactions of a connection. */
export class CommitCount {
  #count = 0;
  #totalMs = 0;
  #slowestMs = 0;

  committed(ms: number): void {
    this.#count += 1;
    this.#totalMs += ms;
    if (ms > this.#slowestMs) this.#slowestMs = ms;
  }

  read(forgets: boolean): CommitFigures {
    const figures = { count: this.#count, totalMs: this.#totalMs, slowestMs: this.#slowestMs };
    if (forgets) this.#slowestMs = 0;
    return figures;
  }
}

export function seriesOn({ db, commits }: Pick<Connection, "db" | "commits">): Sync<Series> {
  const append = change(db, "INSERT OR REPLACE INTO metric_sample (at, started_at, readings) VALUES (?, ?, ?)");
  const between = query<Row>(
    db,
    "SELECT at, started_at AS startedAt, readings FROM metric_sample WHERE at >= ? AND at < ? ORDER BY at",
  );
  const prune = change(
    db,
    `DELETE FROM metric_sample WHERE at IN (SELECT at FROM metric_sample WHERE at < ? ORDER BY at ${LIMIT})`,
  );

  return {
    append: ({ at, startedAt, values }) => {
      append(at, startedAt, JSON.stringify(values));
    },
    range: (range) => {
      const from = range.from - (range.from % range.stepMs);
      return foldSamples(parsed(between.iterate(from, range.to)), { ...range, from });
    },
    prune: (before, limit) => prune(before, limit),
    commits: (forgets) => commits.read(forgets),
  };
}

function* parsed(rows: Iterable<Row>): Generator<Sample> {
  for (const { at, startedAt, readings } of rows)
    yield { at, startedAt, values: JSON.parse(readings) as Sample["values"] };
}

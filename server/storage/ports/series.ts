/** What was measured at a time, by series name; what was not is left out. */
export interface Sample {
  readonly at: number;
  /** When the process that measured began. */
  readonly startedAt: number;
  readonly values: Readonly<Record<string, number>>;
}

export interface SampleRange {
  readonly from: number;
  /** Not included. */
  readonly to: number;
  /** Width of a slot: samples of one slot are joined. */
  readonly stepMs: number;
  /** Series of which a slot keeps the largest value; of all others the mean. */
  readonly peaks: readonly string[];
}

/** Slots from the first to the last, evenly spaced. */
export interface SampledRange {
  /** Start of the first slot: a multiple of the step. */
  readonly from: number;
  /** By series; null: nothing was measured in that slot. */
  readonly values: Readonly<Record<string, readonly (number | null)[]>>;
  /** When processes began that measured something in the range, oldest first. */
  readonly starts: readonly number[];
}

/** Transactions of the store since it was opened. */
export interface CommitFigures {
  readonly count: number;
  /** Time that was spent in commits, synced, milliseconds. */
  readonly totalMs: number;
  /** The longest one since it was forgotten, milliseconds. */
  readonly slowestMs: number;
}

/** Measurements of the server, for its charts. */
export interface Series {
  /** One sample of a time takes the place of an earlier one. */
  append(sample: Sample): Promise<void>;
  range(range: SampleRange): Promise<SampledRange>;
  /** Forgets samples before a time, at most `limit` in a step. Answers how many. */
  prune(before: number, limit: number): Promise<number>;
  /** `forgets`: the longest one is counted anew from now on. */
  commits(forgets: boolean): Promise<CommitFigures>;
}

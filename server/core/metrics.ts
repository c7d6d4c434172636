/** Counters that the hot path bumps and others read; plain numbers, so that counting costs nothing. */
export class Metrics {
  readonly startedAt: number;
  messagesIn = 0;
  streamsOpened = 0;
  loginsDone = 0;
  loginsFailed = 0;

  constructor(now: number) {
    this.startedAt = now;
  }
}

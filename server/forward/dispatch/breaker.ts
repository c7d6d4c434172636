const windowMs = 30_000;
const slices = 6;
const sliceMs = windowMs / slices;
const minSample = 20;
const maxConsecutive = 10;
const firstOpenMs = 5_000;
const maxOpenMs = 300_000;

/**
 * Keeps attempts away from a target that cannot take them: opens when at least half of 20 or more attempts in 30 s failed,
 * or 10 in a row; then lets one probe through, after 5 s at first and twice as long after each probe that fails, at most
 * 5 min. Only failures of the target count, not its refusals of single events.
 */
export class Breaker {
  #state: "closed" | "open" | "half-open" = "closed";
  #until = 0;
  #openMs = 0;
  #isProbing = false;
  #consecutive = 0;
  readonly #good = new Uint32Array(slices);
  readonly #bad = new Uint32Array(slices);
  #slice = 0;

  /** What it lets through at `now`: anything, one probe, or nothing. */
  admits(now: number): "all" | "probe" | "none" {
    if (this.#state === "open" && now >= this.#until) this.#state = "half-open";
    if (this.#state === "closed") return "all";
    return this.#state === "half-open" && !this.#isProbing ? "probe" : "none";
  }

  state(now: number): "closed" | "open" | "half-open" {
    this.admits(now);
    return this.#state;
  }

  /** When an open breaker lets the next probe through; null when none has to be waited for. */
  get until(): number | null {
    return this.#state === "open" ? this.#until : null;
  }

  /** There is a reason to believe that it is over: the next probe need not wait. */
  probeNow(now: number): void {
    if (this.#state === "open") this.#until = now;
  }

  /** The probe that `admits` offered is under way. */
  probe(): void {
    this.#isProbing = true;
  }

  /** The probe ended without an attempt (nothing was due). */
  unprobe(): void {
    this.#isProbing = false;
  }

  /** Answers `recovered` when this success closed it. A straggler from before it opened proves nothing: only a probe does. */
  succeeded(now: number, isProbe: boolean): "recovered" | null {
    if (!isProbe) {
      if (this.#state === "closed") {
        this.#count(this.#good, now);
        this.#consecutive = 0;
      }
      return null;
    }
    this.#isProbing = false;
    this.#state = "closed";
    this.#openMs = 0;
    this.#consecutive = 0;
    this.#good.fill(0);
    this.#bad.fill(0);
    return "recovered";
  }

  /** Answers `opened` when this failure opened it (again: `reopened`). `atLeastMs`: what the target asked for. */
  failed(now: number, atLeastMs: number, isProbe: boolean): "opened" | "reopened" | null {
    if (isProbe) {
      this.#isProbing = false;
      this.#open(now, atLeastMs);
      return "reopened";
    }
    if (this.#state !== "closed") return null;
    this.#count(this.#bad, now);
    this.#consecutive += 1;
    if (this.#consecutive < maxConsecutive && !this.#isMostlyBad()) return null;
    this.#open(now, atLeastMs);
    return "opened";
  }

  #open(now: number, atLeastMs: number): void {
    this.#openMs = this.#openMs === 0 ? firstOpenMs : Math.min(this.#openMs * 2, maxOpenMs);
    this.#state = "open";
    this.#until = now + Math.max(this.#openMs, Math.min(atLeastMs, maxOpenMs));
  }

  #isMostlyBad(): boolean {
    let good = 0;
    let bad = 0;
    for (let index = 0; index < slices; index += 1) {
      good += this.#good[index]!;
      bad += this.#bad[index]!;
    }
    return good + bad >= minSample && bad >= good;
  }

  #count(counters: Uint32Array, now: number): void {
    const slice = Math.floor(now / sliceMs);
    for (let old = Math.max(this.#slice + 1, slice - slices + 1); old <= slice; old += 1) {
      this.#good[old % slices] = 0;
      this.#bad[old % slices] = 0;
    }
    this.#slice = slice;
    counters[slice % slices]! += 1;
  }
}

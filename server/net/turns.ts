/**
 * Work that is done once a turn of the event loop, however often it is asked for. What is added while a turn's work runs
 * waits for the next turn, so that nobody is served twice before everybody was served once. With a share, in milliseconds,
 * a turn's work ends when that is used up; the rest comes first in the next.
 */
export class TurnQueue<T> {
  readonly #work: (item: T) => void;
  readonly #shareMs: number;
  #waiting: T[] = [];
  #spare: T[] = [];
  #isScheduled = false;

  constructor(work: (item: T) => void, shareMs = Number.POSITIVE_INFINITY) {
    this.#work = work;
    this.#shareMs = shareMs;
  }

  add(item: T): void {
    this.#waiting.push(item);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#run);
  }

  readonly #run = (): void => {
    this.#isScheduled = false;
    const items = this.#waiting;
    this.#waiting = this.#spare;
    const endsAt = performance.now() + this.#shareMs;
    let done = 0;
    do this.#work(items[done++]!);
    while (done < items.length && (this.#shareMs === Number.POSITIVE_INFINITY || performance.now() < endsAt));
    if (done === items.length) {
      items.length = 0;
      this.#spare = items;
    } else {
      this.#waiting = items.slice(done).concat(this.#waiting);
      this.#spare = [];
      this.#schedule();
    }
  };
}

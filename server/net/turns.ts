/**
 * Work that is done once a turn of the event loop, however often it is asked for. What is added while a turn's work runs
 * waits for the next turn, so that nobody is served twice before everybody was served once.
 */
export class TurnQueue<T> {
  readonly #work: (item: T) => void;
  #waiting: T[] = [];
  #spare: T[] = [];
  #isScheduled = false;

  constructor(work: (item: T) => void) {
    this.#work = work;
  }

  add(item: T): void {
    this.#waiting.push(item);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#run);
  }

  readonly #run = (): void => {
    this.#isScheduled = false;
    const items = this.#waiting;
    this.#waiting = this.#spare;
    for (const item of items) this.#work(item);
    items.length = 0;
    this.#spare = items;
  };
}

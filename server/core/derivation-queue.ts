/** Thrown when too many wait: answering later would be worse than refusing now. */
export class QueueFullError extends Error {
  override readonly name = "QueueFullError";
}

type Task = () => Promise<void>;

/**
 * Key derivations on libuv's thread pool: few at a time, so that the pool's other users (files, DNS) find a thread, and
 * somebody who logs in never waits behind a bulk import.
 */
export class DerivationQueue {
  readonly #width: number;
  readonly #maxWaiting: number;
  readonly #urgent: Task[] = [];
  readonly #patient: Task[] = [];
  #running = 0;
  #isPatientRunning = false;

  constructor(width: number, maxWaiting: number) {
    this.#width = width;
    this.#maxWaiting = maxWaiting;
  }

  /** `patient` work runs one at a time and only when nothing else waits. Rejects with QueueFullError. */
  run<T>(work: () => Promise<T>, priority: "urgent" | "patient" = "urgent"): Promise<T> {
    if (priority === "urgent" && this.#urgent.length >= this.#maxWaiting)
      return Promise.reject(new QueueFullError("too many passwords wait to be checked"));
    return new Promise<T>((resolve, reject) => {
      const task = (): Promise<void> => work().then(resolve, reject);
      (priority === "urgent" ? this.#urgent : this.#patient).push(task);
      this.#next();
    });
  }

  #next(): void {
    while (this.#running < this.#width) {
      const urgent = this.#urgent.shift();
      if (urgent !== undefined) this.#start(urgent, false);
      else if (this.#isPatientRunning || this.#patient.length === 0) return;
      else this.#start(this.#patient.shift()!, true);
    }
  }

  #start(task: Task, isPatient: boolean): void {
    this.#running += 1;
    if (isPatient) this.#isPatientRunning = true;
    void task().finally(() => {
      this.#running -= 1;
      if (isPatient) this.#isPatientRunning = false;
      this.#next();
    });
  }
}

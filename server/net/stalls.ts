/** Something with bytes that the operating system did not take at once. */
export interface Writer {
  readonly unsent: number;
  destroy(reason: string): void;
}

const sweepMs = 15_000;
const maxSweeps = 4;

interface Stall {
  unsent: number;
  sweeps: number;
}

/** Ends connections whose peer has stopped taking what is written: a dead link shows no other sign for a long time. */
export class StallWatch {
  readonly #stalls = new Map<Writer, Stall>();
  #timer: NodeJS.Timeout | undefined;

  watch(writer: Writer): void {
    if (!this.#stalls.has(writer)) this.#stalls.set(writer, { unsent: writer.unsent, sweeps: 0 });
    this.#timer ??= setInterval(() => this.sweep(), sweepMs).unref();
  }

  forget(writer: Writer): void {
    this.#stalls.delete(writer);
  }

  /** A minute without a byte of progress is the end. Growing because of new writes is no progress. */
  sweep(): void {
    for (const [writer, stall] of this.#stalls) {
      const { unsent } = writer;
      if (unsent === 0) {
        this.#stalls.delete(writer);
      } else if (unsent < stall.unsent) {
        stall.unsent = unsent;
        stall.sweeps = 0;
      } else {
        stall.unsent = unsent;
        stall.sweeps += 1;
        if (stall.sweeps < maxSweeps) continue;
        this.#stalls.delete(writer);
        writer.destroy("the peer does not read");
      }
    }
    if (this.#stalls.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }
}

export const stalls = new StallWatch();

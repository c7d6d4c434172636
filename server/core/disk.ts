/** Below this, operators are told, bytes. */
const lowBytes = 1024 * 1024 * 1024;
/** Below this, nothing is taken from users that would have to be kept: what is under way still finds room. */
const fullBytes = 64 * 1024 * 1024;
/** So much more has to be free before messages are taken again, so that it does not go back and forth. */
const againBytes = 128 * 1024 * 1024;

/** The disk that holds the store, as it was seen last. */
export class Disk {
  #freeBytes = Number.POSITIVE_INFINITY;
  #isFull = false;

  get freeBytes(): number {
    return this.#freeBytes;
  }

  get isLow(): boolean {
    return this.#freeBytes < lowBytes;
  }

  /** Messages are refused until somebody has made room (design 5.6): better than to lose one that was taken. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Answers whether {@link isFull} changed. */
  seen(freeBytes: number): boolean {
    const wasFull = this.#isFull;
    this.#freeBytes = freeBytes;
    this.#isFull = freeBytes < (wasFull ? againBytes : fullBytes);
    return this.#isFull !== wasFull;
  }
}

/** Since when a server cannot be reached, and whether that was told. */
export class Outage {
  #since: number | null = null;
  isTold = false;
  /** Somebody wants to know whether the server is there, whether or not there is anything to send. */
  isSought = false;

  /** It was tried in vain. */
  failed(now: number): void {
    this.#since ??= now;
  }

  /** It has lasted so long that it is to be told; true once only. `isLasting`: it will not pass by itself. */
  isDue(now: number, afterMs: number, isLasting = false): boolean {
    if (this.#since === null || this.isTold || (!isLasting && now - this.#since < afterMs)) return false;
    this.isTold = true;
    this.isSought = false;
    return true;
  }

  /** The server is there. Returns whether it was told that it is not. */
  over(): boolean {
    const wasTold = this.isTold;
    this.#since = null;
    this.isTold = false;
    this.isSought = false;
    return wasTold;
  }
}

/** Counts the attempts of a transport that have not ended. */
export class UnderWay {
  #count = 0;

  get isAny(): boolean {
    return this.#count > 0;
  }

  async run<Result>(attempt: () => Promise<Result>): Promise<Result> {
    this.#count += 1;
    try {
      return await attempt();
    } finally {
      this.#count -= 1;
    }
  }
}

/**
 * Web pages that may use the server, by their origins (`https://chat.example.org`); none listed: all. A stream carries its
 * credentials inside and no cookie counts, so another site's page can do no more than its visitor with a client.
 */
export class AllowedOrigins {
  readonly #origins: ReadonlySet<string>;

  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins.map((origin) => origin.toLowerCase()));
  }

  /** All may. */
  get isOpen(): boolean {
    return this.#origins.size === 0;
  }

  /** What is no browser sends no `Origin`. */
  allows(origin: string | undefined): boolean {
    return this.#origins.size === 0 || origin === undefined || this.#origins.has(origin.toLowerCase());
  }
}

import type { Resource } from "../../lib/contracts/events.ts";

/** Something that lists may show has changed. */
export interface Change {
  readonly resource: Resource;
  /** What changed (a JID, a host, a name); null: several, or the list. */
  readonly key: string | null;
  /** Who changed it; null: nobody in particular. */
  readonly by: string | null;
}

interface Pending {
  readonly timer: NodeJS.Timeout;
  change: Change | null;
}

/**
 * Tells viewers which lists to read again: the first change of a resource at once, those that follow within the next
 * second as one. There is a timer only while something was told less than a second ago.
 */
export class Events {
  readonly #intervalMs: number;
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #pending = new Map<Resource, Pending>();

  constructor(intervalMs = 1_000) {
    this.#intervalMs = intervalMs;
  }

  publish(resource: Resource, key: string | null = null, by: string | null = null): void {
    if (this.#listeners.size === 0) return;
    const change = { resource, key, by };
    const pending = this.#pending.get(resource);
    if (pending === undefined) this.#tell(change);
    else pending.change = pending.change === null ? change : joined(pending.change, change);
  }

  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(change: Change): void {
    const timer = setTimeout(() => this.#elapsed(change.resource), this.#intervalMs).unref();
    this.#pending.set(change.resource, { timer, change: null });
    for (const listener of this.#listeners) listener(change);
  }

  #elapsed(resource: Resource): void {
    const change = this.#pending.get(resource)?.change ?? null;
    this.#pending.delete(resource);
    if (change !== null) this.#tell(change);
  }
}

function joined(one: Change, other: Change): Change {
  return {
    resource: one.resource,
    key: one.key === other.key ? one.key : null,
    by: one.by === other.by ? one.by : null,
  };
}

/** A set of listeners that are told in the order in which they came. */
export interface Listeners<Event> {
  add(listener: (event: Event) => void): () => void;
  tell(event: Event): void;
  readonly isEmpty: boolean;
}

export function listeners<Event>(): Listeners<Event> {
  const all = new Set<(event: Event) => void>();
  return {
    add: (listener) => {
      all.add(listener);
      return () => {
        all.delete(listener);
      };
    },
    tell: (event) => {
      for (const listener of all) listener(event);
    },
    get isEmpty() {
      return all.size === 0;
    },
  };
}

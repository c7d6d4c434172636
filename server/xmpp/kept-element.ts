import type { Element } from "./element.ts";

/** An element that is told to everybody, and made anew only when something that it is made of is another one. */
export class KeptElement {
  #parts: readonly unknown[] | null = null;
  #element: Element | undefined;

  of(parts: readonly unknown[], make: () => Element): Element {
    if (this.#element === undefined || !isSame(parts, this.#parts)) {
      this.#element = make();
      this.#parts = parts;
    }
    return this.#element;
  }
}

function isSame(parts: readonly unknown[], before: readonly unknown[] | null): boolean {
  return before?.length === parts.length && before.every((part, index) => part === parts[index]);
}

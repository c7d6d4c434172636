import type { Element } from "./element.ts";

/** A direct child element of a stanza: what it is, and where its text stands in the stanza's content. */
export class ChildRef {
  readonly name: string;
  readonly ns: string;
  readonly start: number;
  end: number;
  /** The tree, once somebody has asked for it. */
  element: Element | undefined;

  constructor(name: string, ns: string, start: number, end: number, element?: Element) {
    this.name = name;
    this.ns = ns;
    this.start = start;
    this.end = end;
    this.element = element;
  }

  moved(by: number): ChildRef {
    return by === 0 ? this : new ChildRef(this.name, this.ns, this.start + by, this.end + by, this.element);
  }
}

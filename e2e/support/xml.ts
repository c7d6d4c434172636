import { SaxesParser } from "saxes";

/** An element as an independent parser (not the server's) reads it. */
export interface XmlElement {
  readonly name: string;
  readonly ns: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly children: readonly (XmlElement | string)[];
}

export const elements = (element: XmlElement): XmlElement[] =>
  element.children.filter((child) => typeof child !== "string");

export function child(element: XmlElement, name: string, ns?: string): XmlElement | undefined {
  return elements(element).find((one) => one.name === name && (ns === undefined || one.ns === ns));
}

export function text(element: XmlElement | undefined): string {
  return (element?.children ?? []).filter((one) => typeof one === "string").join("");
}

interface Open {
  readonly name: string;
  readonly ns: string;
  readonly attrs: Record<string, string>;
  readonly children: (XmlElement | string)[];
}

/** Cuts a stream into its top-level elements. `restart` is called for each new stream on the connection. */
export class StreamReader {
  readonly #onElement: (element: XmlElement) => void;
  readonly #onHeader: (attrs: Readonly<Record<string, string>>) => void;
  readonly #onEnd: () => void;
  #parser = new SaxesParser({ xmlns: true });
  #open: Open[] = [];
  #isInStream = false;

  constructor(on: {
    element: (element: XmlElement) => void;
    header: (attrs: Readonly<Record<string, string>>) => void;
    end: () => void;
  }) {
    this.#onElement = on.element;
    this.#onHeader = on.header;
    this.#onEnd = on.end;
    this.restart();
  }

  restart(): void {
    this.#open = [];
    this.#isInStream = false;
    const parser = new SaxesParser({ xmlns: true });
    this.#parser = parser;
    parser.on("error", (error) => {
      throw error;
    });
    parser.on("opentag", (tag) => {
      const attrs: Record<string, string> = {};
      for (const attribute of Object.values(tag.attributes)) {
        if (attribute.prefix !== "xmlns" && attribute.name !== "xmlns") attrs[attribute.name] = attribute.value;
      }
      if (!this.#isInStream) {
        this.#isInStream = true;
        this.#onHeader(attrs);
        return;
      }
      this.#open.push({ name: tag.local, ns: tag.uri, attrs, children: [] });
    });
    parser.on("text", (value) => {
      this.#open.at(-1)?.children.push(value);
    });
    parser.on("closetag", () => {
      const element = this.#open.pop();
      if (element === undefined) {
        this.#onEnd();
        return;
      }
      const parent = this.#open.at(-1);
      if (parent === undefined) this.#onElement(element);
      else parent.children.push(element);
    });
  }

  write(chunk: string): void {
    this.#parser.write(chunk);
  }
}

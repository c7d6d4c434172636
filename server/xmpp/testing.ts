import type { Element, Node } from "./element.ts";
import { postAuthLimits, type XmlLimits } from "./limits.ts";
import { type ParserOptions, XmlStreamParser } from "./parser.ts";
import type { Stanza } from "./stanza.ts";
import type { StreamHeader } from "./stream-header.ts";

export const HEADER =
  "<stream:stream to='montague.lit' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";

/** A parser and what it has handed over. */
export class Recorder {
  readonly headers: StreamHeader[] = [];
  readonly stanzas: Stanza[] = [];
  ends = 0;
  readonly parser: XmlStreamParser;
  onStanza: (stanza: Stanza) => void = () => undefined;

  constructor(limits: XmlLimits = postAuthLimits, options: ParserOptions = {}) {
    this.parser = new XmlStreamParser(
      {
        streamStart: (header) => this.headers.push(header),
        stanza: (stanza) => {
          this.stanzas.push(stanza);
          this.onStanza(stanza);
        },
        streamEnd: () => {
          this.ends += 1;
        },
      },
      limits,
      options,
    );
  }

  write(text: string | Uint8Array): number {
    return this.parser.write(typeof text === "string" ? Buffer.from(text) : text);
  }

  get texts(): string[] {
    return this.stanzas.map(String);
  }
}

/**
 * A form in which two elements are equal exactly when they mean the same; but for white space around namespaces, which the
 * independent parser takes away.
 */
export function meaning(element: Element): unknown {
  const attrs = [...element.attrs]
    .map(([key, value]) => [key.replace(/^\{\s*(.*?)\s*\}/s, "{$1}"), value] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  const children = joined(element.children).map((node) => (typeof node === "string" ? node : meaning(node)));
  return [element.name, element.ns.trim(), attrs, children];
}

function joined(nodes: readonly Node[]): Node[] {
  const result: Node[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    if (typeof node === "string" && typeof last === "string") result[result.length - 1] = last + node;
    else if (node !== "") result.push(node);
  }
  return result;
}

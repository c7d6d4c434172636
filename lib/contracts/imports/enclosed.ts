import { xmlElement } from "./xml-text.ts";

/** The start tag of an element. */
export function opening(name: string, attributes: Readonly<Record<string, string | undefined>>): string {
  return xmlElement(name, attributes).replace(/\/>$/, ">");
}

/** An element with pieces of XML in it, one at a time; nothing where all of them are empty. */
export async function* enclosed(
  name: string,
  attributes: Readonly<Record<string, string>>,
  pieces: AsyncIterable<string>,
): AsyncGenerator<string> {
  let isOpen = false;
  for await (const piece of pieces) {
    if (piece === "") continue;
    if (!isOpen) yield opening(name, attributes);
    isOpen = true;
    yield piece;
  }
  if (isOpen) yield `</${name}>`;
}

/** {@link enclosed}, with what `written` makes of each item. */
export function wrapped<Item>(
  name: string,
  attributes: Readonly<Record<string, string>>,
  items: AsyncIterable<Item>,
  written: (item: Item) => string,
): AsyncGenerator<string> {
  const pieces = async function* (): AsyncGenerator<string> {
    for await (const item of items) yield written(item);
  };
  return enclosed(name, attributes, pieces());
}

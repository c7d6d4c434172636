import type { Element } from "./element.ts";
import { Stanza } from "./stanza.ts";

/**
 * The element children of an element as they were written, given its text, which was accepted before. A child that means
 * something else without its surroundings (a prefix or a namespace declared further out) is written anew.
 */
export function childTexts(text: string, element: Element): string[] {
  const slices = slicesOf(text);
  return element.elements().map((child, index) => {
    const slice = slices[index];
    return slice !== undefined && standsAlone(slice, child) ? slice : String(child);
  });
}

function standsAlone(slice: string, child: Element): boolean {
  try {
    return String(Stanza.parse(slice).element) === String(child);
  } catch {
    return false;
  }
}

/** Cuts at the tags one level down. The text is well-formed and holds no comments (RFC 6120 11.1), but may hold CDATA. */
function slicesOf(text: string): string[] {
  const slices: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at)) {
    if (text.startsWith("<![CDATA[", at)) {
      at = text.indexOf("]]>", at) + 3;
      continue;
    }
    const end = tagEnd(text, at);
    const isClosing = text[at + 1] === "/";
    const isEmpty = text[end - 2] === "/";
    if (!isClosing && depth === 1) start = at;
    if (isClosing) depth -= 1;
    else if (!isEmpty) depth += 1;
    if (depth === 1 && (isClosing || isEmpty)) slices.push(text.slice(start, end));
    at = end;
  }
  return slices;
}

/** Behind the `>` of the tag at `at`; those in attribute values do not count. */
function tagEnd(text: string, at: number): number {
  for (let index = at; index < text.length; index += 1) {
    const char = text[index];
    if (char === ">") return index + 1;
    if (char === "'" || char === '"') index = text.indexOf(char, index + 1);
  }
  return text.length;
}

import type { Element } from "./element.ts";
import { StreamError } from "./errors.ts";
import { Stanza } from "./stanza.ts";

/**
 * Reads XML that somebody has stored; null: there is nothing, or it is past the limits of a document. That can be: every
 * prefixed attribute is written with a declaration of its own.
 */
export function readStored(xml: string | null): Element | null {
  if (xml === null || xml === "") return null;
  try {
    return Stanza.parse(xml).element;
  } catch (error) {
    if (error instanceof StreamError) return null;
    throw error;
  }
}

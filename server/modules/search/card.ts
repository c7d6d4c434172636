import type { Element } from "../../xmpp/element.ts";

/** The fields of XEP-0055, in its order. */
export const searchFields = ["first", "last", "nick", "email"] as const;
export type SearchField = (typeof searchFields)[number];

const maxLength = 200;
const maxWords = 8;

/** What a vCard (XEP-0054) says in the fields that may be searched; null: nothing. */
export function fieldsOf(card: Element, fields: readonly SearchField[]): Record<string, string> | null {
  const name = card.child("N");
  const values: Record<SearchField, string | undefined> = {
    first: name?.childText("GIVEN"),
    last: name?.childText("FAMILY"),
    nick: card.childText("NICKNAME"),
    email: card.child("EMAIL")?.childText("USERID"),
  };
  const found: Record<string, string> = {};
  for (const field of fields) {
    const text = (values[field] ?? "").trim().slice(0, maxLength);
    if (text !== "") found[field] = text;
  }
  return Object.keys(found).length === 0 ? null : found;
}

/** Whether its owner lets everybody see it (XEP-0054: CLASS). */
export function isPublic(card: Element): boolean {
  return card.child("CLASS")?.child("PUBLIC") !== undefined;
}

/** What a value is found by: its beginning, and that of each of its words, whatever their case. */
export function keysOf(text: string): string[] {
  const whole = foldedText(text);
  return [...new Set([whole, ...whole.split(/[\s,;.@-]+/).slice(0, maxWords)])].filter((key) => key !== "");
}

export function foldedText(text: string): string {
  return text.normalize("NFKC").toLowerCase().trim();
}

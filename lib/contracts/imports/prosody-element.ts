import type { LuaTable, LuaValue } from "./lua-data.ts";
import { isXmlName, xmlElement, xmlText } from "./xml-text.ts";

export function isTable(value: LuaValue | undefined): value is LuaTable {
  return typeof value === "object" && value !== null;
}

export function textOf(value: LuaValue | undefined): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** Prosody resolves prefixes when it reads a stanza: the one that needs no declaration is left. */
const hasKnownPrefix = (key: string): boolean => key === "xml:lang" || !key.includes(":");

/** An element as Prosody keeps it: its name, its attributes, and its content in order. Empty: it is none. */
export function prosodyElement(
  value: LuaValue | undefined,
  without: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
  added = "",
): string {
  if (!isTable(value)) return "";
  const name = textOf(value.named.get("name")) ?? "";
  if (!isXmlName(name) || name.includes(":")) return "";
  const attributes: Record<string, string | undefined> = { ...more };
  const given = value.named.get("attr");
  // Attributes of other namespaces have both in their key, with a control character between: nobody uses them.
  for (const [key, each] of isTable(given) ? given.named : [])
    if (!without.includes(key) && hasKnownPrefix(key))
      Object.defineProperty(attributes, key, { value: textOf(each), enumerable: true });
  const content = value.listed.map((each) => (isTable(each) ? prosodyElement(each) : xmlText(textOf(each) ?? "")));
  return xmlElement(name, attributes, content.join("") + added);
}

export function attributeOf(value: LuaTable, name: string): string | undefined {
  const attributes = value.named.get("attr");
  return isTable(attributes) ? textOf(attributes.named.get(name)) : undefined;
}

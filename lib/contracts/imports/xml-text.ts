/* oxlint-disable no-control-regex -- control characters are what is looked for */
const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
// What may not be in XML, whatever an old server kept (XML 1.0 2.2).
const FORBIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text as it stands in XML; what must not be there is left out. */
export function xmlText(text: string): string {
  return text.replace(FORBIDDEN, "").replaceAll(/[&<>"']/g, (char) => entities[char]!);
}

const NAME = /^[A-Za-z_][\w.-]*(:[A-Za-z_][\w.-]*)?$/;

/** An element; `content` is XML. Attributes without a value, and names that are none, are left out. */
export function xmlElement(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  content = "",
): string {
  let text = `<${name}`;
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined && NAME.test(key)) text += ` ${key}="${xmlText(value)}"`;
  return content === "" ? `${text}/>` : `${text}>${content}</${name}>`;
}

export const isXmlName = (text: string): boolean => NAME.test(text);

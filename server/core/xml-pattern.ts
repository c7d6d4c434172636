import type { Element } from "../xmpp/element.ts";

/** In a pattern: any value of an attribute, or any content of an element. */
const anything = "{any}";
/** In a pattern: any value of an attribute, or no such attribute. */
const anythingOrNothing = "{maybe}";
/** Among the children of a pattern: whatever else there is, after those before it. */
const more = "{...}";

/**
 * Compares an element with a pattern: XML in which `{any}` stands for any attribute value or content, `{maybe}` for an
 * attribute that may be missing, and `{...}` for any further children. White space between elements does not count, nor does the order of attributes. null: they match;
 * otherwise one sentence that names the first difference.
 */
export function mismatch(pattern: Element, actual: Element): string | null {
  if (pattern.name !== actual.name || pattern.ns !== actual.ns) {
    return `expected <${pattern.name} xmlns='${pattern.ns}'/>, got <${actual.name} xmlns='${actual.ns}'/>`;
  }
  return attributeMismatch(pattern, actual) ?? contentMismatch(pattern, actual);
}

function attributeMismatch(pattern: Element, actual: Element): string | null {
  for (const [key, value] of pattern.attrs) {
    if (value === anythingOrNothing) continue;
    const found = actual.attr(key);
    if (found === undefined) return `<${pattern.name}/> lacks ${key}`;
    if (value !== anything && found !== value) return `${key} of <${pattern.name}/> is '${found}', not '${value}'`;
  }
  for (const [key, value] of actual.attrs) {
    if (pattern.attr(key) === undefined) return `<${pattern.name}/> has ${key}='${value}', which was not expected`;
  }
  return null;
}

function contentMismatch(pattern: Element, actual: Element): string | null {
  if (pattern.text.trim() === anything) return null;
  const isOpen = pattern.text.trim() === more;
  const wanted = pattern.elements();
  const found = actual.elements();
  for (const [index, child] of wanted.entries()) {
    const other = found[index];
    if (other === undefined) return `<${pattern.name}/> lacks <${child.name} xmlns='${child.ns}'/>`;
    const difference = mismatch(child, other);
    if (difference !== null) return difference;
  }
  if (isOpen) return null;
  const extra = found[wanted.length];
  if (extra !== undefined) return `<${pattern.name}/> has ${extra.toString()}, which was not expected`;
  const text = (element: Element): string => (wanted.length > 0 ? element.text.trim() : element.text);
  if (text(pattern) === text(actual)) return null;
  return `<${pattern.name}/> says '${text(actual)}', not '${text(pattern)}'`;
}

const TEXTS = /<(?:body|subject)(?: [^>]*)?>([^<]*)</g;
const REFERENCES = /&(amp|lt|gt|apos|quot|#9|#10|#13);/g;
const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["apos", "'"],
  ["quot", '"'],
  ["#9", "\t"],
  ["#10", "\n"],
  ["#13", "\r"],
]);

/** Whether each of these words is in the body or the subject of a message, whatever its case and its form in Unicode. */
export function textMatch(search: string): (xml: string) => boolean {
  const words = folded(search)
    .split(/\s+/)
    .filter((word) => word !== "");
  return (xml) => {
    let text = "";
    for (const [, part = ""] of xml.matchAll(TEXTS)) text += `${part}\n`;
    const plain = folded(
      text.includes("&") ? text.replace(REFERENCES, (_, name: string) => CHARACTERS.get(name) ?? "") : text,
    );
    return words.every((word) => plain.includes(word));
  };
}

function folded(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

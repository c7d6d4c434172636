import { describe, expect, test } from "vitest";
import { DocumentReader } from "./document-reader.ts";
import { postAuthLimits } from "./limits.ts";

/** What a document is read as; `piece`: how many characters come at a time. */
function read(xml: string, piece = xml.length, limits = postAuthLimits): string[] {
  const events: string[] = [];
  const reader = new DocumentReader(
    {
      isOpened: (tag, depth) => depth === 0 || tag.name === "box",
      opened: (tag) => events.push(`+${tag.ns} ${tag.name} ${[...tag.attrs].flat().join("=")}`.trimEnd()),
      element: (element) => events.push(String(element)),
      closed: () => events.push("-"),
    },
    limits,
  );
  for (let at = 0; at < xml.length; at += piece) reader.write(xml.slice(at, at + piece));
  reader.end();
  return events;
}

const xml = `<?xml version='1.0' encoding='UTF-8'?>
<root xmlns='a' xmlns:b='c'> <box n='é&amp;1'> <item x="1">t&lt;<b:i/></item> <b:box/> </box> <empty/> </root > `;
const events = [
  "+a root",
  "+a box n=é&1",
  "<item xmlns='a' x='1'>t&lt;<i xmlns='c'/></item>",
  "+c box",
  "-",
  "-",
  "<empty xmlns='a'/>",
  "-",
];

describe("a document", () => {
  test.each([1, 2, 3, 7, 64, 1000])("is read the same in pieces of %i", (piece) => {
    expect(read(xml, piece)).toEqual(events);
  });

  test.each([
    ["a doctype", "<!DOCTYPE r [<!ENTITY a 'aaaa'>]><root xmlns='a'/>", "restricted-xml"],
    ["an entity of its own", "<root xmlns='a'><i>&a;</i></root>", "restricted-xml"],
    ["a comment", "<root xmlns='a'><!-- x --></root>", "restricted-xml"],
    ["a processing instruction", "<root xmlns='a'><?php x?></root>", "restricted-xml"],
    ["text between elements", "<root xmlns='a'>x</root>", "bad-format"],
    ["an end tag of another", "<root xmlns='a'><box></root></box>", "not-well-formed"],
    ["an end tag too many", "<root xmlns='a'/></root>", "not-well-formed"],
    ["a second root", "<root xmlns='a'/><root xmlns='a'/>", "not-well-formed"],
    ["no end", "<root xmlns='a'><box>", "not-well-formed"],
    ["half a character", "<root xmlns='a'>\ud800</root>", "unsupported-encoding"],
    ["another encoding", "<?xml version='1.0' encoding='UTF-16'?><root xmlns='a'/>", "unsupported-encoding"],
    ["an endless end tag", `<root xmlns='a'></root${" ".repeat(2000)}`, "not-well-formed"],
  ])("with %s is refused", (_, text, condition) => {
    expect(() => read(text, 5)).toThrow(expect.objectContaining({ condition }));
  });

  test("holds no element past the limits", () => {
    const limits = { ...postAuthLimits, maxStanzaBytes: 100, maxDepth: 3 };
    expect(() => read(`<root xmlns='a'><i>${"x".repeat(100)}</i></root>`, 10, limits)).toThrow("maxStanzaBytes");
    expect(() => read(`<root xmlns='a'><i ${"x".repeat(200)}`, 10, limits)).toThrow("maxStanzaBytes");
    expect(() => read("<root xmlns='a'><i><i><i><i/></i></i></i></root>", 10, limits)).toThrow("maxDepth");
  });
});

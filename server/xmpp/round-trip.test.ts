import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isXmlChar } from "./characters.ts";
import { Element, type Node } from "./element.ts";
import { readIndependently } from "./independent-parser.ts";
import { parseDocument } from "./parser.ts";
import { serialize } from "./serializer.ts";
import { Stanza } from "./stanza.ts";
import { HEADER, meaning, Recorder } from "./testing.ts";

const name = fc.constantFrom("body", "x", "query", "item", "message", "\u00e9l\u00e9ment", "a-b.c_1");
const ns = fc.constantFrom(
  "jabber:client",
  "urn:a",
  "urn:b",
  "http://etherx.jabber.org/streams",
  "http://www.w3.org/XML/1998/namespace",
  "urn:&'\"<>",
  "urn:{a}b",
  "",
);
const xmlChar = fc
  .oneof(
    fc.constantFrom("&", "<", ">", "'", '"', "]", "\t", "\n", "\r", " "),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    fc.constantFrom("a", "\u00fc", "\u20ac", "\u{1f600}", "\u0085", "\u2028", "\ufeff"),
  )
  .filter((char) => isXmlChar(char.codePointAt(0) ?? 0));
const text = fc.array(xmlChar, { maxLength: 12 }).map((chars) => chars.join(""));
const key = fc.constantFrom(
  "id",
  "type",
  "xml:lang",
  "{urn:a}id",
  "{urn:b}id",
  "{urn:{c}d='<>}id",
  "{http://www.w3.org/XML/1998/namespace}space",
);
const attrs = fc
  .uniqueArray(fc.tuple(key, text), { selector: ([one]) => one, maxLength: 5 })
  .map((entries) => new Map(entries));

const { element } = fc.letrec<{ element: Element; node: Node }>((tie) => ({
  node: fc.oneof({ depthSize: "small", withCrossShrink: true }, text, tie("element")),
  element: fc
    .tuple(name, ns, attrs, fc.array(tie("node"), { maxLength: 4 }))
    .map(([local, uri, map, children]) => new Element(local, uri, map, children)),
}));

test("what the serialiser writes means the same to us and to an independent parser", () => {
  fc.assert(
    fc.property(element, (tree) => {
      expect(meaning(parseDocument(serialize(tree)))).toEqual(meaning(tree));
      const [read] = readIndependently(serialize(tree, "jabber:client"));
      expect(read && meaning(read)).toEqual(meaning(tree));
    }),
    { numRuns: 500 },
  );
});

test("a stanza means the same as its tree, before and after a journey", () => {
  fc.assert(
    fc.property(element, text, (tree, from) => {
      const stanza = Stanza.from(tree);
      expect(meaning(stanza.element)).toEqual(meaning(tree));
      const sent = stanza.with({ from }).toString();
      const recorder = new Recorder();
      recorder.write(HEADER + sent);
      const [arrived] = recorder.stanzas;
      const [read] = readIndependently(sent);
      expect(arrived?.from).toBe(from);
      expect(arrived && meaning(arrived.element)).toEqual(read && meaning(read));
      for (const child of arrived?.children ?? []) expect(arrived?.child(child.name, child.ns)).toBeDefined();
    }),
    { numRuns: 500 },
  );
});

test("any segmentation gives the same stanzas", () => {
  const stream = fc
    .array(element, { minLength: 1, maxLength: 4 })
    .map((trees) => HEADER + trees.map((tree) => serialize(tree)).join("\n "));
  fc.assert(
    fc.property(stream, fc.array(fc.nat(400), { maxLength: 20 }), (whole, cuts) => {
      const bytes = Buffer.from(whole);
      const once = new Recorder();
      once.write(bytes);
      const bytewise = new Recorder();
      for (const byte of bytes) bytewise.write(Uint8Array.of(byte));
      const pieces = new Recorder();
      const marks = [...cuts, bytes.length]
        .filter((mark) => mark <= bytes.length)
        .toSorted((one, other) => one - other);
      let at = 0;
      for (const mark of marks) {
        // The segment's memory is used again, as a shared read buffer would be.
        const segment = Buffer.from(bytes.subarray(at, mark));
        pieces.write(segment);
        segment.fill(0);
        at = mark;
      }
      expect(bytewise.texts).toEqual(once.texts);
      expect(pieces.texts).toEqual(once.texts);
    }),
    { numRuns: 300 },
  );
});

test("characters XML cannot carry never make output ill-formed", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (wild) => {
      const lone = `${wild}\ud800\u0000`;
      const stanza = Stanza.from(new Element("message", "jabber:client", new Map([["id", lone]]), [lone]));
      expect(readIndependently(stanza.toString())).toHaveLength(1);
    }),
  );
});

test("deep trees do not become deep call stacks", () => {
  let tree = new Element("a", "urn:a");
  for (let i = 0; i < 50_000; i++) tree = new Element("a", "urn:a", undefined, [tree]);
  const limits = { maxStanzaBytes: 1e9, maxDepth: 1e6, maxAttributes: 10, maxElements: 1e6, maxNamespaces: 10 };
  expect(serialize(parseDocument(serialize(tree), limits))).toBe(serialize(tree));
});

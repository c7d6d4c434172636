import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ErlangDataError, type ErlangTerm, erlangText, readErlangHead, readErlangTerm } from "./erlang-data.ts";

/** A text whose characters are the bytes of its UTF-8, as a file comes. */
const bytes = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

describe("terms of Erlang", () => {
  it.each<[string, ErlangTerm]>([
    ["atom", { atom: "atom" }],
    ["'quoted \\'atom\\''", { atom: "quoted 'atom'" }],
    ["-12", -12],
    ["1.5e3", 1500],
    ["<<>>", ""],
    ["[]", { list: [] }],
    ["{}", { tuple: [] }],
    ["{a,\n  [b|c]}", { tuple: [{ atom: "a" }, { list: [{ atom: "b" }, { atom: "c" }] }] }],
    ['#{<<"k">> => 1}', { list: [{ tuple: ["k", 1] }] }],
    ["<0.123.0>", null],
    ["#Fun<mod_muc.1.2>", null],
    ["#Ref<0.1.2.3>", null],
    ["% a remark\n{a}", { tuple: [{ atom: "a" }] }],
    ["<<1:4>>", "\u0001"],
    ["[1,{}]", { list: [1, { tuple: [] }] }],
  ])("%s", (text, expected) => expect(readErlangTerm(text)).toEqual(expected));

  it.each([
    [bytes('<<"plain 你好">>'), "plain 你好"],
    [bytes('<<"你好"/utf8>>'), "你好"],
    ["<<228,189,160>>", "你"],
    ["[228,189,160]", "你"],
    ["[20320]", undefined],
    ['<<"two "\n    "lines">>', "two lines"],
    ['"two "\n  "lines"', "two lines"],
    [String.raw`<<"\"q\" \\ \n \t \e \x{4f60} \344\275\240 \^A">>`, '"q" \\ \n \t \u001b 你 你 \u0001'],
    ['<<"a",0,"b">>', "a\0b"],
    ["[]", ""],
    ["atom", undefined],
    ["12", undefined],
  ])("the text %j", (text, expected) => expect(erlangText(readErlangTerm(text))).toBe(expected));

  it.each(["", "{a", "{a b}", "<<a>>", '"open', "#{a => }", "[a,", "}", "<<1:>>", "'open", "[".repeat(400)])(
    "%j is none",
    (text) => expect(() => readErlangTerm(text)).toThrow(ErlangDataError),
  );

  it("needs no more than its key to tell what a record is", () => {
    expect(readErlangHead('{vcard,{<<"a">>,<<"b">>},{xmlel,<<"vCa')).toEqual([
      { atom: "vcard" },
      { tuple: ["a", "b"] },
    ]);
    expect(() => readErlangHead("[]")).toThrow(ErlangDataError);
  });

  it("is read as it was written", () => {
    const { term } = fc.letrec<{ term: ErlangTerm }>((tie) => ({
      term: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.integer(),
        fc.string({ unit: "binary-ascii" }),
        fc.string().map((atom) => ({ atom: bytes(atom) })),
        fc.array(tie("term"), { maxLength: 5 }).map((tuple) => ({ tuple })),
        fc
          .array(tie("term"), { maxLength: 5 })
          .filter((list) => list.length === 0 || list.some((each) => typeof each !== "number"))
          .map((list) => ({ list })),
      ),
    }));
    fc.assert(
      fc.property(term, (given) => {
        expect(readErlangTerm(written(given))).toEqual(given);
      }),
    );
  });
});

const escaped = (text: string, quote: string): string =>
  text.replaceAll(/[\\"']/g, (char) => (char === quote || char === "\\" ? `\\${char}` : char));

function written(term: ErlangTerm): string {
  if (typeof term === "number" || term === null) return String(term);
  if (typeof term === "string") return `<<"${escaped(term, '"')}">>`;
  if ("atom" in term) return `'${escaped(term.atom, "'")}'`;
  return "tuple" in term ? `{${term.tuple.map(written).join(",")}}` : `[${term.list.map(written).join(",\n ")}]`;
}

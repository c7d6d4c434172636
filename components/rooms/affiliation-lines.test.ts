import { expect, test } from "vitest";
import { affiliationLines } from "./affiliation-lines.ts";

test("reads addresses with what they are to be, and names the lines that it cannot read", () => {
  const text = [
    "\uFEFFjid,affiliation,nick,reason",
    "a@x.example,member",
    "",
    'b@x.example, outcast ,,"noise, again"',
    'c@x.example,admin,"The ""C""",',
    "d@x.example,moderator",
    ",owner",
    "x.example,none",
  ].join("\r\n");
  expect(affiliationLines(text)).toEqual({
    lines: [
      { jid: "a@x.example", affiliation: "member" },
      { jid: "b@x.example", affiliation: "outcast", reason: "noise, again" },
      { jid: "c@x.example", affiliation: "admin", nick: 'The "C"' },
      { jid: "x.example", affiliation: "none" },
    ],
    bad: [
      { line: 6, text: "moderator" },
      { line: 7, text: "owner" },
    ],
  });
  expect(affiliationLines("")).toEqual({ lines: [], bad: [] });
});

import { expect, test } from "vitest";
import { Stanza } from "../xmpp/stanza.ts";
import { mismatch } from "./xml-pattern.ts";

const cases: readonly [pattern: string, actual: string, difference: string | null][] = [
  ["<message id='1' to='a@b'/>", "<message to='a@b' id='1'/>", null],
  ["<message id='{any}'/>", "<message id='x'/>", null],
  ["<message id='{any}'/>", "<message/>", "<message/> lacks id"],
  ["<message id='{maybe}'/>", "<message/>", null],
  ["<message id='{maybe}'/>", "<message id='x'/>", null],
  ["<message/>", "<message id='x'/>", "<message/> has id='x', which was not expected"],
  ["<message id='1'/>", "<message id='2'/>", "id of <message/> is '2', not '1'"],
  ["<message>\n  <body>hi</body>\n</message>", "<message><body>hi</body></message>", null],
  ["<message><body>hi</body></message>", "<message><body>ho</body></message>", "<body/> says 'ho', not 'hi'"],
  ["<message>{any}</message>", "<message><body>ho</body></message>", null],
  ["<message><body/></message>", "<message/>", "<message/> lacks <body xmlns='jabber:client'/>"],
  ["<message><a/>{...}</message>", "<message><a/><b/></message>", null],
  [
    "<message><a/></message>",
    "<message><a/><b/></message>",
    "<message/> has <b xmlns='jabber:client'/>, which was not expected",
  ],
  ["<message/>", "<presence/>", "expected <message xmlns='jabber:client'/>, got <presence xmlns='jabber:client'/>"],
];

test.each(cases)("%s against %s", (pattern, actual, difference) => {
  expect(mismatch(Stanza.parse(pattern).element, Stanza.parse(actual).element)).toBe(difference);
});

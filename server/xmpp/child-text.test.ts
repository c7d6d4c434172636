import { expect, test } from "vitest";
import { childTexts } from "./child-text.ts";
import { Stanza } from "./stanza.ts";

test.each([
  [
    "as they came",
    "<q xmlns='q'><a  xmlns = \"urn:a\" y='1'  x=\"2\" /> <b xmlns='urn:b'>&#x41;<c/><![CDATA[</b>]]></b></q>",
    ['<a  xmlns = "urn:a" y=\'1\'  x="2" />', "<b xmlns='urn:b'>&#x41;<c/><![CDATA[</b>]]></b>"],
  ],
  ["tags in attributes", "<q xmlns='q'><a xmlns='urn:a' b='/>'>\"</a></q>", ["<a xmlns='urn:a' b='/>'>\"</a>"]],
  ["of the same name", "<a xmlns='q'><a xmlns='urn:a'><a/></a></a>", ["<a xmlns='urn:a'><a/></a>"]],
  ["a namespace from outside", "<q xmlns='q'><a  /></q>", ["<a xmlns='q'/>"]],
  ["a prefix from outside", "<q xmlns='q' xmlns:p='urn:p'><p:a  /></q>", ["<a xmlns='urn:p'/>"]],
  ["nothing", "<q xmlns='q'>text</q>", []],
])("%s", (_, text, expected) => {
  expect(childTexts(text, Stanza.parse(text).element)).toEqual(expected);
});

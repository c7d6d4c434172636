import { expect, it } from "vitest";
import { standalone } from "./framing.ts";

const streams = "http://etherx.jabber.org/streams";

it.each([
  ["<message to='a'><body/></message>", "<message xmlns='jabber:client' to='a'><body/></message>"],
  ["<presence/>", "<presence xmlns='jabber:client'/>"],
  ["<iq>x</iq>", "<iq xmlns='jabber:client'>x</iq>"],
  ["<a xmlns='urn:xmpp:sm:3' h='1'/>", "<a xmlns='urn:xmpp:sm:3' h='1'/>"],
  // Declarations of prefixes on attributes are none of the element's.
  ["<iq xmlns:a0='urn:x' a0:b='c'/>", "<iq xmlns='jabber:client' xmlns:a0='urn:x' a0:b='c'/>"],
  ["<message id=' xmlns='/>", "<message xmlns='jabber:client' id=' xmlns='/>"],
  ["<stream:features/>", `<stream:features xmlns:stream='${streams}'/>`],
  [
    "<stream:features><a xmlns='b'/></stream:features>",
    `<stream:features xmlns:stream='${streams}'><a xmlns='b'/></stream:features>`,
  ],
  [`<stream:features xmlns:stream='${streams}'/>`, `<stream:features xmlns:stream='${streams}'/>`],
])("%s stands for itself as %s", (xml, expected) => {
  expect(standalone(xml)).toBe(expected);
});

import { expect, test } from "vitest";
import { STANZA_CONDITIONS, StanzaError, StreamError } from "./errors.ts";

test("a stream error is written as RFC 6120 4.9.2 shows it", () => {
  expect(new StreamError("host-unknown", "nobody <here>").toElement().toString()).toBe(
    "<stream:error xmlns:stream='http://etherx.jabber.org/streams'><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>" +
      "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams' xml:lang='en'>nobody &lt;here&gt;</text></stream:error>",
  );
});

test.each([
  ["bad-request", "modify"],
  ["forbidden", "auth"],
  ["item-not-found", "cancel"],
  ["recipient-unavailable", "wait"],
  ["unexpected-request", "wait"],
] as const)("%s is by default of type %s", (condition, type) => {
  expect(StanzaError.of(condition).type).toBe(type);
  expect(StanzaError.of(condition, undefined, { type: "continue" }).toElement().attr("type")).toBe("continue");
});

test("all conditions of RFC 6120 8.3.3 are known", () => {
  expect(STANZA_CONDITIONS).toHaveLength(22);
});

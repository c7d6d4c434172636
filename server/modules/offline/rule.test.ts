import { expect, test } from "vitest";
import { Stanza } from "../../xmpp/stanza.ts";
import { type EmptyBodies, offlineRule } from "./rule.ts";

const body = "<body>hi</body>";
const active = "<active xmlns='http://jabber.org/protocol/chatstates'/>";
const received = "<received xmlns='urn:xmpp:receipts' id='1'/>";
const displayed = "<displayed xmlns='urn:xmpp:chat-markers:0' id='1'/>";
const hint = (name: string): string => `<${name} xmlns='urn:xmpp:hints'/>`;
const event = "<event xmlns='http://jabber.org/protocol/pubsub#event'/>";

// Stored with store_empty_body never, unless_chat_state, always.
const table: readonly [type: string, content: string, stored: string][] = [
  ["chat", body, "yes yes yes"],
  ["normal", body, "yes yes yes"],
  ["", body, "yes yes yes"],
  ["groupchat", body, "no no no"],
  ["headline", body, "no no no"],
  ["error", body, "no no no"],
  ["error", body + hint("store"), "no no no"],
  ["chat", body + active, "yes yes yes"],
  ["chat", body + hint("no-store"), "no no no"],
  ["chat", body + hint("no-permanent-store"), "yes yes yes"],
  ["chat", body + hint("no-store") + hint("store"), "yes yes yes"],
  ["chat", hint("store"), "yes yes yes"],
  ["chat", active, "no no yes"],
  ["chat", `${active}<thread>t</thread>`, "no no yes"],
  ["chat", active + hint("no-copy"), "no no yes"],
  ["chat", active + received, "no yes yes"],
  ["chat", received, "no yes yes"],
  ["chat", displayed, "no yes yes"],
  ["chat", "", "no yes yes"],
  ["chat", "<body/>", "no yes yes"],
  ["chat", event, "no yes yes"],
  ["normal", "<subject>hi</subject>", "yes yes yes"],
  ["normal", "<x xmlns='jabber:x:conference' jid='room@muc.example'/>", "yes yes yes"],
  ["normal", "<x xmlns='http://jabber.org/protocol/muc#user'><invite from='a@b'/></x>", "yes yes yes"],
  ["chat", "<x xmlns='http://jabber.org/protocol/muc#user'/>", "no yes yes"],
  ["chat", "<encryption xmlns='urn:xmpp:eme:0' namespace='eu.siacs.conversations.axolotl'/>", "yes yes yes"],
  ["chat", "<x xmlns='jabber:x:oob'><url>https://example.org</url></x>", "yes yes yes"],
];

test.each(table)("type '%s' with %s: %s", (type, content, stored) => {
  const stanza = Stanza.parse(`<message${type === "" ? "" : ` type='${type}'`}>${content}</message>`);
  const settings: EmptyBodies[] = ["never", "unless_chat_state", "always"];
  const verdicts = settings.map((setting) => (offlineRule(stanza, setting) === null ? "yes" : "no"));
  expect(verdicts.join(" ")).toBe(stored);
});

test("the reason names what it is", () => {
  const reason = (content: string): string | null =>
    offlineRule(Stanza.parse(`<message>${content}</message>`), "never");
  expect(reason(active)).toBe("it is nothing but a chat state");
  expect(reason(received)).toBe("it is nothing but a receipt");
  expect(reason(displayed)).toBe("it is nothing but a chat marker");
  expect(reason(active + displayed)).toBe("it has no text");
  expect(reason(body + hint("no-store"))).toBe("its sender asked not to store it");
});

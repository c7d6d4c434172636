import { array, assert, constantFrom, oneof, option, property, record, string, uniqueArray } from "fast-check";
import { expect, test } from "vitest";
import { el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { blockedBy, NS_PRIVACY, privacyList } from "./privacy-list.ts";

const attribute = (...known: string[]) => option(oneof(constantFrom(...known), string()), { nil: undefined });
const item = record({
  action: attribute("allow", "deny"),
  order: attribute("0", "1", "2", "7"),
  type: attribute("jid", "group", "subscription"),
  value: attribute("a.example", "romeo@a.example", "@"),
  about: array(constantFrom("iq", "message", "presence-in", "presence-out", "what")),
}).map(({ about, ...attrs }) => el("item", NS_PRIVACY, attrs, ...about.map((name) => el(name, NS_PRIVACY))));

test("whatever a client sends as a list is taken as addresses, or refused", () => {
  assert(
    property(array(item, { maxLength: 8 }), (items) => {
      try {
        for (const jid of blockedBy(el("list", NS_PRIVACY, { name: "x" }, ...items))) Jid.parse(jid);
      } catch (error) {
        expect(error).toBeInstanceOf(StanzaError);
      }
    }),
  );
});

test("a block list says the same as a privacy list and back", () => {
  const jids = uniqueArray(constantFrom("a.example", "romeo@a.example", "a.example/bot", "romeo@b.example/x"));
  assert(
    property(jids, (blocked) => {
      expect(blockedBy(privacyList("x", blocked))).toEqual(blocked);
    }),
  );
});

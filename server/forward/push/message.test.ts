import { expect, test } from "vitest";
import type { MessageClass } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { pushMessage } from "./message.ts";

const user = Jid.parse("juliet@example.org");

function of(content: string, more: { class?: MessageClass; from?: string; type?: string } = {}) {
  const from = Jid.parse(more.from ?? "romeo@example.net/orchard");
  const xml = `<message type='${more.type ?? "chat"}' id='m1'>${content}</message>`;
  return pushMessage({
    id: "evt_1",
    class: more.class ?? "chat",
    stanza: Stanza.parse(xml),
    from,
    to: user,
    user,
    host: user.domain,
    at: 7,
  });
}

test("everything there is", () => {
  const stamp = "<stanza-id xmlns='urn:xmpp:sid:0' by='juliet@example.org' id='s1'/>";
  expect(of(`<body>hi</body><thread>t</thread>${stamp}`)).toMatchObject({
    id: "evt_1",
    class: "chat",
    room: null,
    sender: "romeo",
    text: "hi",
    isEncrypted: false,
    stanzaId: "s1",
    messageId: "m1",
    thread: "t",
    call: null,
    at: 7,
  });
});

test.for([
  ["nothing", ""],
  ["an empty body", "<body/>"],
  ["a notice beside what is encrypted", "<body>notice</body><encrypted xmlns='urn:xmpp:omemo:2'/>"],
  [
    "a notice for old clients",
    "<body>notice</body><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/>",
  ],
  ["a body that is one", "<body>notice</body><fallback xmlns='urn:xmpp:fallback:0' for='x'><body/></fallback>"],
])("no text: %s", ([, content]) => {
  expect(of(content!).text).toBeNull();
});

test("a fallback for a part of the body leaves it a text", () => {
  const reply = "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='4'/></fallback>";
  expect(of(`<body>&gt; x\nyes</body>${reply}`).text).toBe("> x\nyes");
});

test("rooms, their private messages, and services", () => {
  const from = "ball@muc.example.org/Tybalt";
  const said = of("<body>hi</body>", { class: "mention", from, type: "groupchat" });
  expect([said.room?.jid.full, said.room?.nick, said.sender]).toEqual(["ball@muc.example.org", "Tybalt", "ball"]);
  const whispered = of("<body>hi</body><x xmlns='http://jabber.org/protocol/muc#user'/>", { from });
  expect([whispered.room, whispered.sender]).toEqual([null, "Tybalt"]);
  expect(of("<body>hi</body>", { from: "weather.example.net" }).sender).toBe("weather.example.net");
});

test("a call with its media", () => {
  const rtp = "urn:xmpp:jingle:apps:rtp:1";
  const media = ["audio", "video", "audio"].map((one) => `<description xmlns='${rtp}' media='${one}'/>`).join("");
  const content = `<propose xmlns='urn:xmpp:jingle-message:0' id='c1'>${media}</propose>`;
  expect(of(content, { class: "call" })).toMatchObject({ call: { id: "c1", media: ["audio", "video"] }, text: null });
});

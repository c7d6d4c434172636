import { describe, expect, test } from "vitest";
import { el } from "./element.ts";
import { StanzaError } from "./errors.ts";
import { errorReply, resultReply } from "./reply.ts";
import { Stanza } from "./stanza.ts";

const CHAT =
  "<message id='1' to='juliet@capulet.lit' type='chat' from='a@b' xml:lang='en'>\n<body>Hi &amp; bye</body>" +
  "<active xmlns='http://jabber.org/protocol/chatstates'/><x xmlns='urn:x'><body>not this</body></x></message>";

describe("reading", () => {
  const stanza = Stanza.parse(CHAT);
  test("attributes and children", () => {
    expect([stanza.kind, stanza.id, stanza.to, stanza.type, stanza.from, stanza.lang]).toEqual([
      "message",
      "1",
      "juliet@capulet.lit",
      "chat",
      "a@b",
      "en",
    ]);
    expect(stanza.children.map((child) => child.name)).toEqual(["body", "active", "x"]);
    expect(stanza.childText("body")).toBe("Hi & bye");
    expect(stanza.child("body", "urn:x")).toBeUndefined();
    expect(stanza.has("active", "http://jabber.org/protocol/chatstates")).toBe(true);
    expect(stanza.has("active")).toBe(false);
    expect(stanza.payload?.name).toBe("body");
    expect(stanza.element.elements().map((child) => child.name)).toEqual(["body", "active", "x"]);
    expect(stanza.child("body")).toBe(stanza.child("body"));
  });

  test.each([
    ["<message/>", "message"],
    ["<iq/>", "iq"],
    ["<presence/>", "presence"],
    ["<message xmlns='urn:x'/>", "nonza"],
    ["<open/>", "nonza"],
  ])("%s is a %s", (xml, kind) => {
    expect(Stanza.parse(xml).kind).toBe(kind);
  });
});

describe("deriving", () => {
  const stanza = Stanza.parse(CHAT);
  const body = "\n<body>Hi &amp; bye</body>";
  const rest =
    "<active xmlns='http://jabber.org/protocol/chatstates'/><x xmlns='urn:x'><body>not this</body></x></message>";

  test("attributes are replaced, added and removed, and the original is as it was", () => {
    const changed = stanza.with({
      from: "r'o\"meo@m/<&>\n",
      to: undefined,
      "xml:lang": undefined,
      "{urn:a}b": "c",
      d: "e",
    });
    expect(changed.toString()).toBe(
      `<message from='r&apos;o&quot;meo@m/&lt;&amp;&gt;&#10;' type='chat' id='1' xmlns:a0='urn:a' a0:b='c' d='e'>${body}${rest}`,
    );
    expect([changed.from, changed.attr("d"), changed.attr("{urn:a}b")]).toEqual(["r'o\"meo@m/<&>\n", "e", "c"]);
    expect(changed.with({ d: undefined, "{urn:a}b": undefined }).attr("d")).toBeUndefined();
    expect(stanza.to).toBe("juliet@capulet.lit");
  });

  test("children are appended, prepended and left out as text", () => {
    const id = el("stanza-id", "urn:xmpp:sid:0", { id: "7", by: "a" });
    const start = "<message to='juliet@capulet.lit' from='a@b' type='chat' id='1' xml:lang='en'>";
    const appended = stanza.append(id, el("thread", "jabber:client", undefined, "t"));
    expect(appended.toString()).toBe(
      start +
        body +
        rest.replace("</message>", "<stanza-id xmlns='urn:xmpp:sid:0' id='7' by='a'/><thread>t</thread></message>"),
    );
    expect(appended.childText("thread")).toBe("t");
    const prepended = stanza.prepend(id);
    expect(prepended.payload).toBe(id);
    expect(prepended.childText("body")).toBe("Hi & bye");
    expect(prepended.child("x", "urn:x")?.childText("body")).toBe("not this");
    const fewer = prepended.without(
      (child) => child.is("active", "http://jabber.org/protocol/chatstates") || child === id,
    );
    expect(fewer.toString()).toBe(`${start}${body}<x xmlns='urn:x'><body>not this</body></x></message>`);
    expect(fewer.child("x", "urn:x")?.childText("body")).toBe("not this");
    expect(stanza.without(() => false)).toBe(stanza);
    expect(stanza.without(() => true).toString()).toBe(`${start}\n</message>`);
  });

  test("the namespace of a nonza is declared, and that of the stream keeps its prefix", () => {
    const features = el(
      "features",
      "http://etherx.jabber.org/streams",
      {},
      el("bind", "urn:b"),
      el("x", "jabber:client"),
    );
    expect(Stanza.from(features).toString()).toBe(
      "<stream:features xmlns:stream='http://etherx.jabber.org/streams'><bind xmlns='urn:b'/><x xmlns='jabber:client'/></stream:features>",
    );
    expect(Stanza.from(el("a", "urn:a", undefined, "t<", el("b", "urn:a"))).toString()).toBe(
      "<a xmlns='urn:a'>t&lt;<b/></a>",
    );
  });
});

describe("replies", () => {
  const iq = Stanza.parse("<iq type='get' id='i' from='a@b/c' to='b'><query xmlns='jabber:iq:version'/></iq>");
  test("result", () => {
    expect(resultReply(iq).toString()).toBe("<iq to='a@b/c' from='b' type='result' id='i'/>");
    expect(resultReply(iq, el("query", "urn:q")).toString()).toBe(
      "<iq to='a@b/c' from='b' type='result' id='i'><query xmlns='urn:q'/></iq>",
    );
  });
  test("error with text and an application's condition", () => {
    const error = StanzaError.of("service-unavailable", "gone fishing", { app: el("fish", "urn:f") });
    expect(errorReply(iq, error).toString()).toBe(
      "<iq to='a@b/c' from='b' type='error' id='i'><error type='cancel'>" +
        "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>" +
        "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas' xml:lang='en'>gone fishing</text><fish xmlns='urn:f'/></error></iq>",
    );
  });
});

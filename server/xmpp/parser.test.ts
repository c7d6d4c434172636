import { describe, expect, test } from "vitest";
import { StreamError } from "./errors.ts";
import { postAuthLimits, preAuthLimits, type XmlLimits } from "./limits.ts";
import { HEADER, Recorder } from "./testing.ts";

function conditionOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof StreamError) return error.condition;
    throw error;
  }
  return "none";
}

function conditionInStream(text: string | Uint8Array): string {
  const recorder = new Recorder();
  recorder.write(HEADER);
  return conditionOf(() => recorder.write(text));
}

describe("stream header", () => {
  test("is handed over with its namespaces", () => {
    const recorder = new Recorder();
    recorder.write(
      `<?xml version="1.0" encoding='utf-8' ?>\n${HEADER.replace("to=", "xml:lang='de' from='r&amp;j' id='1' to=")}`,
    );
    expect(recorder.headers).toEqual([
      {
        to: "montague.lit",
        from: "r&j",
        id: "1",
        version: "1.0",
        lang: "de",
        defaultNs: "jabber:client",
        ns: "http://etherx.jabber.org/streams",
      },
    ]);
  });

  test.each([
    ["<stream:stream xmlns:stream='urn:x' xmlns='jabber:client'>", "invalid-namespace"],
    ["<stream xmlns='jabber:client'>", "invalid-namespace"],
    ["<stream:stream xmlns='jabber:client'>", "bad-namespace-prefix"],
    ["<stream:features xmlns:stream='http://etherx.jabber.org/streams'>", "bad-format"],
    ["<?xml version='1.0' encoding='ISO-8859-1'?>", "unsupported-encoding"],
    ["<?xml version='1.0' encoding='UTF-16'?>", "unsupported-encoding"],
    ["<?xml version='1.1'?>", "not-well-formed"],
    ["<?xml encoding='UTF-8'?>", "not-well-formed"],
    [`<?xml version='1.0'?><?xml version='1.0'?>`, "restricted-xml"],
    ["<?php ?>", "restricted-xml"],
    ["<!DOCTYPE a []>", "restricted-xml"],
    ["<!-- x -->", "restricted-xml"],
    ["GET / HTTP/1.1", "not-well-formed"],
    ["\ufeff<a/>", "not-well-formed"],
    ["</stream:stream>", "not-well-formed"],
  ])("%s: %s", (text, condition) => {
    expect(conditionOf(() => new Recorder().write(text))).toBe(condition);
  });

  test("may use any prefix, and the end tag has to use the same", () => {
    const recorder = new Recorder();
    recorder.write(
      "<s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns='jabber:client'><presence/></s:stream >",
    );
    expect([recorder.texts, recorder.ends]).toEqual([["<presence/>"], 1]);
    expect(conditionInStream("</stream>")).toBe("not-well-formed");
  });

  test("may be closed at once", () => {
    const recorder = new Recorder();
    recorder.write(HEADER.replace(">", "/>"));
    expect([recorder.headers.length, recorder.ends]).toEqual([1, 1]);
  });
});

describe("what RFC 6120 11 and XML 1.0 forbid", () => {
  const open = "<message><body>";
  test.each<[string, string]>([
    ["<!-- x -->", "restricted-xml"],
    [`${open}<!-- x --></body></message>`, "restricted-xml"],
    [`${open}<?pi x?></body></message>`, "restricted-xml"],
    [`<!DOCTYPE x [<!ENTITY a "b">]>`, "restricted-xml"],
    [`${open}&foo;</body></message>`, "restricted-xml"],
    [`${open}&nbsp;`, "restricted-xml"],
    ["<![CDATA[x]]>", "restricted-xml"],
    [`${open}&amp</body></message>`, "not-well-formed"],
    [`${open}& </body></message>`, "not-well-formed"],
    [`${open}&#0;`, "not-well-formed"],
    [`${open}&#xD800;`, "not-well-formed"],
    [`${open}&#xFFFE;`, "not-well-formed"],
    [`${open}&#x110000;`, "not-well-formed"],
    [`${open}&#;`, "not-well-formed"],
    [`${open}&#x;`, "not-well-formed"],
    [`${open}&#-5;`, "not-well-formed"],
    [`${open}&#${"0".repeat(40)}65;`, "not-well-formed"],
    [`${open}]]></body></message>`, "not-well-formed"],
    [`${open}\u0000</body></message>`, "not-well-formed"],
    [`${open}\u000b</body></message>`, "not-well-formed"],
    [`${open}\uffff</body></message>`, "not-well-formed"],
    [`${open}</message></body>`, "not-well-formed"],
    [`${open}</bod></message>`, "not-well-formed"],
    [`${open}</bodyy></message>`, "not-well-formed"],
    ["<message><></></message>", "not-well-formed"],
    ["<message>< body/></message>", "not-well-formed"],
    ["<message to=x/>", "not-well-formed"],
    ["<message to/>", "not-well-formed"],
    ["<message to='x'from='y'/>", "not-well-formed"],
    ["<message to='<'/>", "not-well-formed"],
    ["<message to='a' to='b'/>", "not-well-formed"],
    ["<message / >", "not-well-formed"],
    ["<message/ to='x'>", "not-well-formed"],
    ["<1message/>", "not-well-formed"],
    ["<-message/>", "not-well-formed"],
    ["<:message/>", "not-well-formed"],
    ["<a:/>", "not-well-formed"],
    ["<message 1a='b'/>", "not-well-formed"],
    ["<message \u00d7='b'/>", "not-well-formed"],
    ["<me\u2028ssage/>", "not-well-formed"],
    ["<a:b:c/>", "bad-namespace-prefix"],
    ["<x:message/>", "bad-namespace-prefix"],
    ["<message x:to='a'/>", "bad-namespace-prefix"],
    ["<message><x:a/></message>", "bad-namespace-prefix"],
    ["<message><a xmlns:x='urn:x'/><x:b/></message>", "bad-namespace-prefix"],
    ["<message xmlns:x=''/>", "bad-namespace-prefix"],
    ["<message xmlns:xml='urn:x'/>", "bad-namespace-prefix"],
    ["<message xmlns:xmlns='urn:x'/>", "bad-namespace-prefix"],
    ["<message xmlns:x='http://www.w3.org/2000/xmlns/'/>", "bad-namespace-prefix"],
    ["<message><a><b xmlns='http://www.w3.org/XML/1998/namespace'/></a></message>", "bad-namespace-prefix"],
    ["<message xmlns:x=' http://www.w3.org/2000/xmlns/\t'/>", "bad-namespace-prefix"],
    ["<xmlns:message/>", "bad-namespace-prefix"],
    ["<message xmlns:a='urn:x' xmlns:b='urn:x' a:c='1' b:c='2'/>", "not-well-formed"],
    ["text", "bad-format"],
    ["<presence/>text", "bad-format"],
    ["&amp;", "bad-format"],
  ])("%j: %s", (text, condition) => {
    expect(conditionInStream(text)).toBe(condition);
  });

  test.each([
    ["overlong slash", [0xc0, 0xaf]],
    ["overlong in three bytes", [0xe0, 0x9f, 0xbf]],
    ["overlong in four bytes", [0xf0, 0x8f, 0xbf, 0xbf]],
    ["surrogate", [0xed, 0xa0, 0x80]],
    ["above U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
    ["stray continuation", [0x80]],
    ["cut sequence", [0xe2, 0x82, 0x3c]],
    ["no UTF-8 byte", [0xff]],
  ])("bytes that are no UTF-8: %s", (_, bytes) => {
    const whole = Buffer.concat([Buffer.from(open), Buffer.from(bytes), Buffer.from("</body></message>")]);
    expect(conditionInStream(whole)).toBe("unsupported-encoding");
    const recorder = new Recorder();
    recorder.write(HEADER);
    expect(conditionOf(() => whole.forEach((byte) => recorder.write(Uint8Array.of(byte))))).toBe(
      "unsupported-encoding",
    );
  });
});

describe("what is allowed", () => {
  test.each([
    ["<message><body><![CDATA[<a>&]]]]><![CDATA[>]]></body></message>", "<a>&]]>"],
    ["<message><body>&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;</body></message>", "<>&\"'A\u{1f600}"],
    ["<message><body>a\r\nb\rc&#13;</body></message>", "a\nb\nc\r"],
    ["<message  to = 'x'\n\t>\n<body\n>h\u00e9llo \u{1f600}</body\t></message >", "h\u00e9llo \u{1f600}"],
    ["<message><body>]] > ></body></message>", "]] > >"],
    ["<message><body/></message>", ""],
    ["<message xmlns='jabber:client'><body xmlns='jabber:client'>x</body></message>", "x"],
    ["<message xmlns:c='jabber:client'><c:body>x</c:body></message>", "x"],
    ["<c:message xmlns:c='jabber:client'><c:body>x</c:body></c:message>", "x"],
    ["<message\u0301 xmlns='urn:x'><body>x</body></message\u0301>", "x"],
  ])("%j", (text, body) => {
    const recorder = new Recorder();
    recorder.write(HEADER + text);
    expect(recorder.stanzas[0]?.childText("body")).toBe(body);
  });

  test("white space between stanzas is dropped", () => {
    const recorder = new Recorder();
    recorder.write(`${HEADER}\n \t<presence/> \r\n`);
    expect(recorder.texts).toEqual(["<presence/>"]);
    expect(recorder.parser.hasPending).toBe(false);
  });

  test("a component's content namespace reads as jabber:client", () => {
    const recorder = new Recorder();
    recorder.write(HEADER.replace("jabber:client", "jabber:component:accept"));
    recorder.write("<message to='a'><body>x</body></message>");
    recorder.write("<message xmlns='jabber:component:accept'><body xmlns='jabber:component:accept'>x</body></message>");
    recorder.write("<handshake>aa</handshake>");
    expect(recorder.headers[0]?.defaultNs).toBe("jabber:component:accept");
    expect(recorder.texts).toEqual([
      "<message to='a'><body>x</body></message>",
      "<message><body>x</body></message>",
      "<handshake>aa</handshake>",
    ]);
    expect(recorder.stanzas.map((stanza) => stanza.kind)).toEqual(["message", "message", "nonza"]);
  });
});

describe("limits", () => {
  const small: XmlLimits = { maxStanzaBytes: 200, maxDepth: 4, maxAttributes: 3, maxElements: 6, maxNamespaces: 2 };
  const nested = (depth: number): string => "<a>".repeat(depth) + "</a>".repeat(depth);
  test.each([
    ["maxStanzaBytes", "<a>" + "x".repeat(193) + "</a>", "<a>" + "x".repeat(194) + "</a>"],
    ["maxDepth", nested(4), nested(5)],
    ["maxAttributes", "<a b='' c='' d=''/>", "<a b='' c='' d='' e=''/>"],
    ["maxElements", `<a>${"<b/>".repeat(5)}</a>`, `<a>${"<b/>".repeat(6)}</a>`],
    ["maxNamespaces", "<a xmlns:b='b' xmlns:c='c'/>", "<a xmlns:b='b'><b xmlns:c='c'/><c xmlns:d='d'/></a>"],
  ])("%s", (name, allowed, refused) => {
    const recorder = new Recorder(postAuthLimits);
    recorder.write(HEADER);
    recorder.parser.limits = small;
    recorder.write(allowed);
    expect(recorder.stanzas).toHaveLength(1);
    expect(() => recorder.write(refused)).toThrow(name);
  });

  test("an endless stanza is refused as soon as it is too long", () => {
    const recorder = new Recorder(preAuthLimits);
    recorder.write(`${HEADER}<message><body>`);
    const chunk = Buffer.alloc(1000, "x");
    const count = (): void => {
      for (let i = 0; i < 100; i++) recorder.write(chunk);
    };
    expect(conditionOf(count)).toBe("policy-violation");
  });
});

describe("control from inside the handler", () => {
  test("restart applies to the rest of the segment", () => {
    const recorder = new Recorder();
    recorder.onStanza = (stanza) => {
      if (stanza.name === "response") recorder.parser.restart();
    };
    recorder.write(`${HEADER}<response xmlns='urn:x'/>\n<?xml version='1.0'?>${HEADER}<presence/>`);
    expect([recorder.headers.length, recorder.texts.at(-1)]).toEqual([2, "<presence/>"]);
  });

  test("raised limits apply to the next stanza", () => {
    const recorder = new Recorder(preAuthLimits);
    recorder.onStanza = () => {
      recorder.parser.limits = postAuthLimits;
    };
    recorder.write(`${HEADER}<presence/><message><body>${"x".repeat(20_000)}</body></message>`);
    expect(recorder.stanzas).toHaveLength(2);
  });

  test.each([1, 7, 1000])("stop leaves what follows unread, in segments of %i", (size) => {
    const recorder = new Recorder();
    recorder.onStanza = () => recorder.parser.stop();
    const text = Buffer.from(`${HEADER}<starttls xmlns='urn:x'/><presence/>`);
    let at = 0;
    while (recorder.stanzas.length === 0) at += recorder.write(text.subarray(at, at + size));
    expect(text.subarray(at).toString()).toBe("<presence/>");
    expect(recorder.parser.hasPending).toBe(false);
    recorder.write(text.subarray(at));
    expect(recorder.texts.at(-1)).toBe("<presence/>");
  });

  test("a slice ends after maxStanzasPerWrite", () => {
    const recorder = new Recorder(postAuthLimits, { maxStanzasPerWrite: 2 });
    recorder.write(HEADER);
    const text = Buffer.from("<presence/>".repeat(5));
    let slices = 0;
    for (let at = 0; at < text.length; slices++) at += recorder.write(text.subarray(at));
    expect([slices, recorder.stanzas.length]).toEqual([3, 5]);
  });

  test("a slice ends after maxMsPerWrite", () => {
    const recorder = new Recorder(postAuthLimits, { maxStanzasPerWrite: 64, maxMsPerWrite: 5 });
    recorder.onStanza = () => {
      for (const end = performance.now() + 2; performance.now() < end;);
    };
    recorder.write(HEADER);
    const text = Buffer.from("<presence/>".repeat(32));
    const used = recorder.write(text);
    expect([used, recorder.stanzas.length]).toEqual(["<presence/>".length * 4, 4]);
  });

  test("nothing is read after the end of the stream", () => {
    const recorder = new Recorder();
    recorder.write(`${HEADER}</stream:stream><presence/>`);
    recorder.write("<presence/>");
    expect([recorder.ends, recorder.stanzas.length]).toEqual([1, 0]);
  });
});

describe("framed", () => {
  test("each write is one element", () => {
    const recorder = new Recorder(postAuthLimits, { framed: true });
    recorder.write("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='a'/>");
    recorder.write("<message xmlns='jabber:client'><body>x</body></message>");
    expect(recorder.stanzas.map((stanza) => [stanza.kind, stanza.name])).toEqual([
      ["nonza", "open"],
      ["message", "message"],
    ]);
  });

  test.each([
    "",
    " ",
    " <presence/>",
    "<presence/><presence/>",
    "<message>",
    "</message>",
    "x",
    "<?xml version='1.0'?><a/>",
  ])("%j is no frame", (text) => {
    const recorder = new Recorder(postAuthLimits, { framed: true });
    expect(conditionOf(() => recorder.write(text))).not.toBe("none");
    expect(recorder.stanzas).toEqual([]);
  });
});

test("a large stanza may come byte by byte", () => {
  const text = Buffer.from(`<message><body>${"x&amp;\u00e9".repeat(25_000)}</body></message>`);
  const recorder = new Recorder();
  recorder.write(HEADER);
  for (const byte of text) recorder.write(Uint8Array.of(byte));
  expect(recorder.stanzas[0]?.childText("body")).toBe("x&\u00e9".repeat(25_000));
  expect(recorder.parser.hasPending).toBe(false);
});

import { assert, constantFrom, array, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { Jid } from "../../xmpp/jid.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { compileExpression } from "./expression.ts";
import { Subject } from "./subject.ts";

const juliet = Jid.parse("juliet@example.org");

function messageOf(content: string, attributes = "type='chat'") {
  const stanza = Stanza.parse(`<message ${attributes}>${content}</message>`);
  const from = Jid.parse("romeo@example.net/orchard");
  return new Subject({ class: "chat", stanza, from, to: juliet, user: juliet, at: 0 }).message;
}

const plain = messageOf(
  "<body>urgent: the Nurse calls</body><subject>now</subject><thread>t1</thread><store xmlns='urn:xmpp:hints'/>",
  "type='chat' xml:lang='en'",
);
const encrypted = messageOf("<body>notice</body><encrypted xmlns='urn:xmpp:omemo:2'/>");

function ask(text: string, message = plain): boolean {
  const compiled = compileExpression(text);
  if ("problem" in compiled) throw new Error(compiled.problem.message);
  return compiled.test(message);
}

describe("what can be asked", () => {
  test.for([
    "message.class == 'chat' && message.type == 'chat'",
    "message.from == 'romeo@example.net/orchard'",
    "message.fromDomain.endsWith('.net') && message.fromDomain in ['example.net', 'b']",
    "message.to == message.user && message.host == 'example.org'",
    "message.body.contains('Nurse') && message.body.lowerAscii().startsWith('urgent')",
    "message.subject == 'now' && message.thread == 't1' && message.lang == 'en'",
    "!message.encrypted",
    "message.hints.exists(h, h == 'store') && !('no-copy' in message.hints)",
    "message.namespaces.all(n, n.startsWith('jabber:') || n == 'urn:xmpp:hints')",
    "message.size > 100 && message.size < 400",
    "message.body.matches('^urg[e-z]nt:')",
    "message.hints.exists(h, h.matches('^st.re$'))",
    "(message.body).matches('Nurse') ? true : false",
    "message.body.size() == 23",
  ])("%s", (text) => {
    expect(ask(text)).toBe(true);
  });

  test("what is encrypted has neither body nor subject", () => {
    expect(ask("message.encrypted && message.body == null && message.subject == null", encrypted)).toBe(true);
  });

  test("a text that is not there has no answer", () => {
    expect(() => ask("message.body.contains('x')", encrypted)).toThrow("null");
    expect(() => ask("message.body.matches('x')", encrypted)).toThrow("null");
  });
});

describe("what is refused when it is saved", () => {
  test.for([
    ["message.class ==", 1, 17, "Unexpected token"],
    ["message.size > 1 &&\n  message.boddy == 'x'", 2, 11, "No such key: boddy"],
    ["messages.size > 1", 1, 1, "Unknown variable: messages"],
    ["message.size", 1, 1, "type int, not true or false"],
    ["message.size == 'x'", 1, 1, "no such overload: int == string"],
    ["message.body.matches('(')", 1, 22, "regular expression cannot be read"],
    ["true\n&& message.body.matches('a{900}b{900}')", 2, 25, "too large"],
    ["message.body.matches('(a{900}){900}')", 1, 22, "invalid repeat count"],
    ["message.body.matches(message.from)", 1, 22, "in quotes"],
    ["message.size.matches('1')", 1, 1, "of the type int"],
    ["message.hints.map(h, h + h) == []", 1, 1, "map() is not available"],
    ["cel.bind(a, 'x', a + a) == 'x'", 1, 1, "bind() is not available"],
    ["message.from.split('@')[0] == 'a'", 1, 1, "split() is not available"],
    ["timestamp('2026-01-01T00:00:00Z') == timestamp('x')", 1, 1, "timestamp() is not available"],
    ["{'a': true}.a", 1, 1, "Maps are not available"],
    ["message.hints.exists(h, message.namespaces.all(n, n == h))", 1, 25, "inside another"],
    ["(".repeat(30), 1, 25, "maxDepth"],
    [Array.from({ length: 300 }, () => "true").join("&&"), 1, 1, "maxAstNodes"],
  ] as const)("%s", ([text, line, column, message]) => {
    const compiled = compileExpression(text);
    expect(compiled).toMatchObject({ problem: { line, column, message: expect.stringContaining(message) as string } });
    if ("problem" in compiled) expect(compiled.problem.message).not.toContain("RE2find");
  });
});

test("an expression's work is bounded by the message's size, whatever the message says", () => {
  const long = messageOf(`<body>${"a".repeat(250_000)}</body>`);
  const started = process.cpuUsage();
  for (const text of [
    "message.body.matches('(a+)+$') && message.body.matches('(a|aa)+b')",
    "message.body.matches('(a?){100}(a*)*c')",
    "message.body.contains('aaaaaaaaaaaaaaaaaaaaaaaaaaaaab')",
  ])
    expect(ask(text, long)).toBe(false);
  const { user, system } = process.cpuUsage(started);
  // A backtracking engine would take years.
  expect((user + system) / 1000).toBeLessThan(3000);
});

test("nothing that people may write is more than a problem", () => {
  const words =
    "message . body ( ) [ ] { } , ? : && || ! == 'a' 1 -1 1u b'x' true in exists(h matches('x') filter( // \n".split(
      " ",
    );
  const texts = array(constantFrom(...words, "message.hints.", "\\", '"'), { maxLength: 30 }).map((list) =>
    list.join(" "),
  );
  const run = (text: string): void => {
    const compiled = compileExpression(text);
    if ("problem" in compiled) expect(compiled.problem.message).not.toBe("");
    else expect(["boolean", "error"]).toContain(outcome(compiled));
  };
  const outcome = (compiled: { test: (message: typeof plain) => boolean }): string => {
    try {
      return typeof compiled.test(plain);
    } catch {
      return "error";
    }
  };
  assert(property(texts, run), { numRuns: 2000 });
  assert(property(string({ unit: "binary", maxLength: 60 }), run), { numRuns: 2000 });
});

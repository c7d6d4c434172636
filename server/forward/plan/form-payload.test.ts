import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import qs from "qs";
import { expect, test } from "vitest";
import { Jid } from "../../xmpp/jid.ts";
import { compileTemplate } from "../templates/template.ts";
import { formText, accessTokenField } from "./form-payload.ts";

const from = Jid.parse("d+artagnan=é@example.net/a=b&c%20;é");
const to = Jid.parse("juliet@example.org/🌹");
const bodies = 10_000;

/** What people and attackers write: every plane, control characters, and what a form means itself. */
function randomBody(): string {
  const classes = ["&=+%;#? /:\r\n\t\0", "%26%3D%%zz", "abc \u{7f}\u{80}éßñ", "你好👩‍👧\u{feff}\u{2028}\u{10ffff}"];
  return Array.from({ length: randomInt(0, 40) }, () => {
    if (randomInt(4) === 0) {
      const point = randomInt(0x11_0000);
      return point >= 0xd800 && point < 0xe000 ? "\ufffd" : String.fromCodePoint(point);
    }
    const characters = Array.from(classes[randomInt(classes.length)]!);
    return characters[randomInt(characters.length)]!;
  }).join("");
}

/** What a parser has to find. */
function fields(body: string): [string, string][] {
  return [
    ["from", from.full],
    ["to", to.full],
    ["body", body],
    ["access_token", body],
  ];
}

const written = Array.from({ length: bodies }, randomBody);
const expected = written.map((body) => JSON.stringify(fields(body)));
const texts = written.map((body) => {
  const form = formText("classic", { from, to, body, messageId: "" }, "full");
  return `${form}&${accessTokenField(body)}`;
});

test("10,000 bodies come out of URLSearchParams as they went in", () => {
  expect(texts.filter((text) => !/^[\w%&=+.*-]+$/.test(text))).toEqual([]);
  const parsed = texts.map((text) => JSON.stringify([...new URLSearchParams(text)]));
  expect(written.filter((_, index) => parsed[index] !== expected[index])).toEqual([]);
});

test("and out of qs, as Express has it", () => {
  const parsed = texts.map((text) => JSON.stringify(Object.entries(qs.parse(text, { strictNullHandling: true }))));
  expect(written.filter((_, index) => parsed[index] !== expected[index])).toEqual([]);
});

test("and a template writes the same with its filters", () => {
  const compiled = compileTemplate("{{ message.body | form }}\n{{ message.body | json }}");
  if ("problem" in compiled) throw new Error(compiled.problem.message);
  const wrong = written.filter((body) => {
    const [form = "", json = ""] = compiled.render({ message: { body } }).text.split("\n");
    return new URLSearchParams(`b=${form}`).get("b") !== body || JSON.parse(json) !== body;
  });
  expect(wrong).toEqual([]);
});

test("and out of Python's parse_qs", () => {
  const script = `
import json, sys
from urllib.parse import parse_qs, parse_qsl
for line in sys.stdin:
    text = json.loads(line)
    pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict")
    assert parse_qs(text, keep_blank_values=True) == {name: [value] for name, value in pairs}
    print(json.dumps(pairs))
`;
  const input = texts.map((text) => `${JSON.stringify(text)}\n`).join("");
  const options = { input, encoding: "utf8", maxBuffer: 2 ** 28 } as const;
  const { error, status, stdout, stderr } = spawnSync("python3", ["-c", script], options);
  expect(error, "this test needs python3 on the PATH").toBeUndefined();
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const parsed = stdout.trimEnd().split("\n");
  expect(parsed).toHaveLength(bodies);
  const wrong = written.filter((_, index) => JSON.stringify(JSON.parse(parsed[index]!)) !== expected[index]);
  expect(wrong).toEqual([]);
});

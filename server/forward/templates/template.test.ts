import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { WebhookTarget } from "../../../lib/contracts/forward-target.ts";
import { renderPayload } from "../plan/payload.ts";
import { encryptedSample, sampleMessage } from "../plan/sample.ts";
import { checkTemplate } from "./check.ts";
import { compileTemplate } from "./template.ts";

function target(template: string, more: object = {}): WebhookTarget {
  return WebhookTarget.parse({ url: "https://example.org/", preset: "template", template, ...more });
}

function rendered(template: string, message = sampleMessage, more: object = {}) {
  const compiled = compileTemplate(template);
  if ("problem" in compiled) throw new Error(compiled.problem.message);
  return renderPayload(message, target(template, more), compiled);
}

describe("what a template can write", () => {
  test("JSON, with the number of unread messages", () => {
    const template = `{"to":{{ user | json }},"text":{{ message.body | json }},"n":{{ unread }},"id":{{ id | json }}}`;
    const { text, unreadAt, contentType } = rendered(template)!;
    expect(contentType).toBe("application/json");
    expect(JSON.parse(`${text.slice(0, unreadAt)}7${text.slice(unreadAt)}`)).toEqual({
      to: "juliet@example.org",
      text: 'It is the east & "Juliet" is the sun <☀>;\nwherefore = 100%\\',
      n: 7,
      id: "evt_0198c0ffee0070008000000000000001",
    });
  });

  test("a form that other parsers read", () => {
    const { text } = rendered("from={{ from | form }}&body={{ message.body | form }}&none={{ call | form }}")!;
    expect([...new URLSearchParams(text)]).toEqual([
      ["from", "romeo@example.net/orchard"],
      ["body", 'It is the east & "Juliet" is the sun <☀>;\nwherefore = 100%\\'],
      ["none", ""],
    ]);
  });

  test("XML", () => {
    expect(rendered("<m to='{{ to | xml }}'>{{ message.body | xml }}</m>")!.text).toBe(
      "<m to='juliet@example.org/balcony'>It is the east &amp; &quot;Juliet&quot; is the sun &lt;☀&gt;;\nwherefore = 100%\\</m>",
    );
  });

  test("what the preset json has, and who and what", () => {
    const names =
      "{{type}} {{timestamp}} {{host}} {{class}} {{message.id}} {{message.type}} {{message.subject}} " +
      "{{message.thread}} {{message.lang}} {{message.stanzaId}} [{{encrypted}}]";
    expect(rendered(names)!.text).toBe(
      "message.offline 2026-01-02T03:04:05.678Z example.org chat m-0198c0ffee0070008000000000000001 chat The balcony act-2 en " +
        "1795350336-1 []",
    );
  });

  test("conditions, and the time as another format has it", () => {
    const template = '{% if encrypted %}secret{% else %}{{ timestamp | date: "%s" }}{% endif %}';
    expect(rendered(template)!.text).toBe("1767323045");
    expect(rendered(template, encryptedSample)!.text).toBe("secret");
  });

  test("nothing, and then nothing is sent", () => {
    const template = "{% unless encrypted %}\n{% endunless %}";
    expect(rendered(template)).toBeNull();
  });

  test("confidential and encrypted messages have no body and no subject", () => {
    const template = "[{{ message.body }}{{ message.subject }}]{{ message | json }}";
    for (const message of [encryptedSample, sampleMessage]) {
      const { text } = rendered(template, message, { confidential: true })!;
      expect(text).toMatch(/^\[\]\{.*"body":null/);
      expect(text).not.toMatch(/balcony"|sun|encrypted\./);
    }
    expect(rendered(template, encryptedSample)!.text).toMatch(/^\[\]\{.*"body":null/);
  });
});

describe("errors name line and column, and keep a target from being saved", () => {
  test.for([
    ["", 1, 1, "The template is empty."],
    ["{{ message.body", 1, 1, "not closed"],
    ['{"a": {{ from | json }},\n "b": {{ message.body | jsn }}}', 2, 7, "Undefined filter: jsn."],
    ["{% if encrypted %}x", 1, 1, "not closed"],
    ["x\n  {% for a in call.media %}{% endfor %}", 2, 3, 'Tag "for" not found.'],
    ["{% include 'etc/passwd' %}", 1, 1, 'Tag "include" not found.'],
    ["{% render 'x' %}", 1, 1, 'Tag "render" not found.'],
    ["{% layout 'x' %}", 1, 1, 'Tag "layout" not found.'],
    ["{% tablerow x in y %}{% endtablerow %}", 1, 1, 'Tag "tablerow" not found.'],
    ["{{ message.body | strip_html }}", 1, 1, "Undefined filter: strip_html."],
    ['{"a":1,\n"b":{{ mesage.body | json }}}', 2, 8, "There is no variable mesage"],
    ['{"a":{{ message.text | json }}}', 1, 9, "There is no variable message.text."],
    ['{"a":{{ unread }},"b":{{ unread }}}', 1, 1, "once only"],
    ['{"a":"{{ message.body }}"}', 1, 1, "is not JSON"],
    ['{"a":{{ message.body }}}', 1, 1, "is not JSON"],
    [
      "{% assign a = 'xxxxxxxxxxxxxxxxxxxx' %}{% liquid\n" + "assign a = a | append: a\n".repeat(25) + "%}",
      15,
      1,
      "more than 262144 characters",
    ],
    ["{{ message.body" + " | json".repeat(40) + " }}", 1, 1, "more than 262144 characters"],
  ] as const)("%j", ([template, line, column, message]) => {
    expect(checkTemplate(target(template))).toMatchObject({
      line,
      column,
      message: expect.stringContaining(message) as string,
    });
  });

  test("a template that is right has none", () => {
    const json = '{"b":{{ message.body | json }},"c":{{ message.thread | default: "" | json }},"n":{{ unread }}}';
    expect(checkTemplate(target(json))).toBeNull();
    expect(checkTemplate(target("<x>{{ message.body | xml }}</x>", { templateType: "application/xml" }))).toBeNull();
    expect(checkTemplate(target('{% assign b = message.body %}{"b":{{ b | json }}}'))).toBeNull();
    expect(checkTemplate(target('{"m":{{ call.media | join: "," | json }},"i":{{ call.id | json }}}'))).toBeNull();
  });
});

test("a template sees the message and nothing behind it", () => {
  const template = "{{ message.constructor }}{{ message.__proto__ | json }}{{ call.constructor.name }}";
  expect(rendered(`${template}.`)!.text).toBe("null.");
});

test("nothing that people may write is more than a problem", () => {
  const words =
    "{{ }} {% %} {%- -%} if else endif unless case when assign a = message.body | json size : 1 'x' \" , . [ ] ( ) .. raw endraw liquid # capture";
  const texts = array(constantFrom(...words.split(" "), "\n"), { maxLength: 40 }).map((list) => list.join(" "));
  const run = (template: string): void => {
    const problem = checkTemplate(target(template, { templateType: "text/plain" }));
    if (problem === null) return;
    expect(problem.message).not.toBe("");
    expect(problem.line).toBeGreaterThan(0);
    expect(problem.column).toBeGreaterThan(0);
  };
  assert(property(texts, run), { numRuns: 3000 });
});

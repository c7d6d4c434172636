import { describe, expect, test } from "vitest";
import { ForwardPolicy } from "../../../lib/contracts/forward-policy.ts";
import { ForwardTarget } from "../../../lib/contracts/forward-target.ts";
import { defaultPolicy } from "../../core/policy/default.ts";
import { Issues } from "../../core/policy/issues.ts";
import { checkForward, checkTarget, problemsOf } from "./checks.ts";

const url = "https://example.org/hook";
const apns = { kind: "apns", keyId: "ABCDEFGHIJ", teamId: "KLMNOPQRST", topic: "org.example" };

describe("problems of a target", () => {
  test.for([
    ["a web server", { url }, []],
    ["one that is next door", { url: "http://127.0.0.1/" }, ["url"]],
    ["one that may be", { url: "http://127.0.0.1/", allowPrivate: true }, []],
    ["headers of ours", { url, headers: { "Webhook-Id": "x", "X-Key": "y" } }, ["headers.Webhook-Id"]],
    ["a template", { url, preset: "template", template: "{{ message.body | json }}" }, []],
    ["no template", { url, preset: "template" }, ["template"]],
    ["a template that another preset does not look at", { url, template: "{{ x" }, []],
    ["a key file that is none", { ...apns, key: "hello" }, ["key"]],
    ["a key that is stored", { ...apns, key: "***" }, []],
    ["a service account that is none", { kind: "fcm", serviceAccount: "{}" }, ["serviceAccount"]],
    ["a service account that is stored", { kind: "fcm", serviceAccount: "***" }, []],
    ["a contact that nobody has", { kind: "webpush", contact: "mailto:me@x.localhost" }, ["contact"]],
    ["app servers", { kind: "xep0357" }, []],
  ] as const)("%s", ([, settings, fields]) => {
    const problems = problemsOf(ForwardTarget.parse(settings));
    expect(problems.map(({ field }) => field)).toEqual(fields);
    for (const { message } of problems) expect(message).not.toBe("");
  });

  test("a template's have a place", () => {
    const target = ForwardTarget.parse({ url, preset: "template", template: "{\n{{ x | nope }}}" });
    expect(checkTarget(target)).toEqual({
      problems: [
        {
          field: "template",
          message: "Undefined filter: nope.",
          line: 2,
          column: 1,
          reason: "template-wrong",
          values: { detail: "Undefined filter: nope." },
        },
      ],
      facts: [],
    });
  });
});

test("errors of a policy document: headers, templates, addresses and expressions, with their paths", () => {
  const forward = ForwardPolicy.parse({
    targets: {
      good: { url },
      "bad.one": { url, preset: "template", template: "{% for %}" },
      near: { url: "http://[::1]/" },
      // Keys are sealed: a document has none to look at.
      phone: { ...apns, key: "" },
      own: { url, headers: { Host: "x" } },
    },
    rules: [
      { name: "a", targets: ["good"], expression: "message.size > 1" },
      { name: "b", targets: ["good"], expression: "true &&\n message.sise > 1" },
    ],
  });
  const issues = new Issues();
  checkForward({ ...defaultPolicy(), forward }, issues);
  const errors = issues.list.filter(({ severity }) => severity === "error");
  expect(errors.map(({ path, message }) => `${path} ${message}`)).toEqual([
    "forward.targets.own.headers.Host Host is set by the server.",
    'forward.targets["bad.one"].template Line 1, column 1: Tag "for" not found.',
    "forward.targets.near.url ::1 is not public (loopback) and the target does not allow private addresses",
    "forward.rules[1].expression Line 2, column 10: No such key: sise.",
  ]);
  // For those who tell it in another language: what it is, with what, and where.
  expect(errors).toMatchObject([
    { reason: "header-reserved", values: { header: "Host" } },
    { reason: "template-wrong", values: { detail: 'Tag "for" not found.' }, line: 1, column: 1 },
    { reason: "reach-private", values: { address: "::1", range: "loopback" } },
    { reason: "expression-wrong", values: { detail: "No such key: sise." }, line: 2, column: 10 },
  ]);
});

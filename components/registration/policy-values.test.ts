import { expect, test } from "vitest";
import { RegistrationPolicy } from "../../lib/contracts/registration-policy.ts";
import { fromValues, PolicyValues, toValues } from "./policy-values.ts";

test.each([
  ["the defaults", {}],
  ["no pause", { timeout: "infinity" as const }],
  [
    "everything set",
    {
      mode: "open" as const,
      networks: [{ action: "deny" as const, cidr: "203.0.113.0/24" }],
      welcome: { subject: "Hi", body: "a\nb" },
      watchers: ["anna@example.org"],
      templates: [{ name: "room", outcome: "deny" as const, texts: { de: "Kein Platz.", en: "No room on {host}." } }],
    },
  ],
])("%s survive the form", (_name, input) => {
  const policy = RegistrationPolicy.parse(input);
  expect(fromValues(PolicyValues.parse(toValues(policy)))).toEqual(policy);
});

test("two templates of one name are told at the second", () => {
  const [one, other] = ["full", "full"].map((name) => ({ name, outcome: "deny" as const, texts: { en: "No." } }));
  const policy = RegistrationPolicy.parse({ templates: [one, other] });
  const { error } = PolicyValues.safeParse(toValues(policy), { error: () => "something else" });
  expect(error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`)).toEqual([
    "templates.1.name: Two templates are called full.",
  ]);
});

test("the languages of the console have fields after those that there are texts in, which stay in their order", () => {
  const templates = [{ name: "full", outcome: "deny" as const, texts: { de: "Nein.", en: "No." } }];
  const values = toValues(RegistrationPolicy.parse({ templates }));
  const { texts } = values.templates![0]!;
  expect(Object.entries(texts)).toEqual([
    ["de", "Nein."],
    ["en", "No."],
    ["zh-CN", ""],
  ]);
  const saved = fromValues(PolicyValues.parse(values)).templates[0]!.texts;
  expect(Object.entries(saved)).toEqual([
    ["de", "Nein."],
    ["en", "No."],
  ]);
});

test("a template without a text is told at the first language", () => {
  const templates = [{ name: "full", outcome: "deny" as const, texts: { en: " ", "zh-CN": "" } }];
  const { error } = PolicyValues.safeParse({ ...toValues(RegistrationPolicy.parse({})), templates });
  expect(error?.issues.map(({ path, code }) => [path.join("."), code])).toEqual([
    ["templates.0.texts.en", "too_small"],
  ]);
});

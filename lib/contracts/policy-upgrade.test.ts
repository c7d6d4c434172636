import { expect, test } from "vitest";
import { upgradePolicy } from "./policy-upgrade.ts";

const rule = { name: "all", enabled: true, hosts: [], targets: ["app"] };
const of = (...rules: unknown[]): unknown => ({ hosts: {}, forward: { targets: {}, rules } });

test("the types of 0.1 are the classes of a forward rule, and nothing else changes", () => {
  const old = of({ ...rule, types: ["chat", "normal"] }, { ...rule, classes: ["call"] });
  expect(upgradePolicy(old)).toEqual(of({ ...rule, classes: ["chat", "normal"] }, { ...rule, classes: ["call"] }));
  expect(old).toEqual(of({ ...rule, types: ["chat", "normal"] }, { ...rule, classes: ["call"] }));
});

test("the text that a reply had in 0.1 is one of a language, on every host", () => {
  const reply = { name: "full", outcome: "deny" };
  const of = (...templates: unknown[]): unknown => ({
    registration: { mode: "open", templates },
    hosts: { "a.example": { registration: { templates } }, "b.example": { registration: null } },
  });
  expect(upgradePolicy(of({ ...reply, text: "No room." }, { ...reply, text: "没有空位。" }))).toEqual(
    of({ ...reply, texts: { en: "No room." } }, { ...reply, texts: { "zh-CN": "没有空位。" } }),
  );
});

test.for([
  ["nothing", null],
  ["text", "forward: {}"],
  ["a list", []],
  ["no rules", { forward: {} }],
  ["rules that are none", { forward: { rules: "all" } }],
  ["a rule that is none", of(null, 7, [])],
  ["both names", of({ ...rule, types: ["chat"], classes: ["chat"] })],
  ["a reply with texts", { registration: { templates: [{ text: "No.", texts: { en: "No." } }] } }],
  ["replies that are none", { registration: { templates: [null, "No."] } }],
  ["what is new already", of({ ...rule, classes: ["chat"] })],
] as const)("%s is left for the schema to judge", ([, document]) => {
  expect(upgradePolicy(document)).toEqual(document);
});

import { expect, test } from "vitest";
import { ForwardTarget, WebhookTarget } from "@/lib/contracts/forward-target.ts";
import { targetKinds } from "../kit/target-kind.tsx";
import { fromForm, keptSecret, newForm, openForm, TargetForm, type TargetFormInput, toForm } from "./target-form.ts";

const stored = WebhookTarget.parse({ url: "https://a.example/", headers: { "x-key": "***", authorization: "***" } });
const headersOf = (target: ForwardTarget) => (target.kind === "webhook" ? target.headers : {});

test("what is stored stays as it is unless it is typed anew", () => {
  const form = toForm("app", stored, false);
  expect(form).toMatchObject({ auth: "kept", headers: [{ name: "x-key", value: "***" }] });
  expect(headersOf(fromForm(TargetForm.parse(form)))).toEqual({ "x-key": "***", Authorization: "***" });
});

test.each([
  [{ auth: "none" }, { "x-key": "***" }],
  [
    { auth: "bearer", token: "t" },
    { "x-key": "***", Authorization: "Bearer t" },
  ],
  [
    { auth: "basic", user: "Aladdin", password: "open sesame" },
    { Authorization: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==" },
  ],
] as const)("%j", (typed, headers) => {
  const form = TargetForm.parse({ ...toForm("app", stored, false), ...typed });
  expect(headersOf(fromForm(form))).toMatchObject(headers);
  expect(Object.keys(headersOf(fromForm(form)))).toHaveLength(typed.auth === "none" ? 1 : 2);
});

test.each([
  [{ auth: "bearer" }, ["token"]],
  [{ auth: "basic" }, ["user"]],
  [{ auth: "basic", user: "a:b" }, ["user"]],
  [{ auth: "kept", headers: [{ name: "AUTHORIZATION", value: "x" }] }, ["headers", 0, "name"]],
  [{ preset: "template" }, ["template"]],
  [{ signatures: [] }, ["signatures"]],
] as const)("%j is refused", (typed, path) => {
  const { error } = TargetForm.safeParse({ ...toForm("app", stored, false), ...typed });
  expect(error?.issues.map((issue) => issue.path)).toEqual([path]);
});

test.each([
  { ...toForm("app", stored, false), auth: "bearer", token: "t0ps3cret" },
  { ...toForm("app", stored, false), auth: "basic", user: "Aladdin", password: "t0ps3cret" },
  { ...toForm("app", stored, false), accessToken: "t0ps3cret" },
  { ...toForm("app", stored, false), headers: [{ name: "x-key", value: "t0ps3cret" }] },
  { ...newForm("apns", "ios", true), key: "t0ps3cret" },
  { ...newForm("fcm", "android", true), serviceAccount: "t0ps3cret" },
  { ...newForm("webpush", "web", true), privateKey: "t0ps3cret" },
] as TargetFormInput[])("no secret of %j is written down", (form) => {
  expect(JSON.stringify(form)).toContain("t0ps3cret");
  expect(JSON.stringify(openForm(form))).not.toContain("t0ps3cret");
});

test("what stands for a stored secret is no secret", () => {
  const form = toForm("app", stored, false);
  expect(openForm(form)).toMatchObject({ headers: [{ name: "x-key", value: keptSecret }] });
});

test.each([
  ["", "too_small"],
  ["short", "invalid_format"],
])("a key id %j is refused without the contract's English words", (keyId, code) => {
  const { error } = TargetForm.safeParse({ ...newForm("apns", "ios", true), ...filled.apns, keyId });
  expect(error?.issues).toMatchObject([{ code, path: ["keyId"] }]);
  expect(error?.issues[0]?.message).not.toMatch(/ten capital/);
});

const filled = {
  webhook: { url: "https://a.example/" },
  apns: { key: "a key", keyId: "ABC123DEFG", teamId: "DEF123GHIJ", topic: "org.example.app" },
  fcm: { serviceAccount: "{}" },
  webpush: { contact: "mailto:a@example.org" },
  xep0357: {},
};

test.each(targetKinds)("a new %s needs what has no default, and is then a target of the contract", (kind) => {
  const form = newForm(kind, "app", true);
  expect(TargetForm.safeParse(form).success).toBe(kind === "xep0357");
  const target = fromForm(TargetForm.parse({ ...form, ...filled[kind] }));
  expect(ForwardTarget.parse(target)).toEqual(target);
  expect(target).not.toHaveProperty("name");
  expect(target).not.toHaveProperty("alsoRule");
});

import { expect, test } from "vitest";
import { ForwardTarget } from "@/lib/contracts/forward-policy.ts";
import { fromForm, TargetForm, toForm } from "./target-form.ts";

const stored = ForwardTarget.parse({ url: "https://a.example/", headers: { "x-key": "***", authorization: "***" } });

test("what is stored stays as it is unless it is typed anew", () => {
  const form = toForm("app", stored, false);
  expect(form).toMatchObject({ auth: "kept", headers: [{ name: "x-key", value: "***" }] });
  expect(fromForm(TargetForm.parse(form)).headers).toEqual({ "x-key": "***", Authorization: "***" });
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
  expect(fromForm(form).headers).toMatchObject(headers);
  expect(Object.keys(fromForm(form).headers)).toHaveLength(typed.auth === "none" ? 1 : 2);
});

test.each([
  [{ auth: "bearer" }, ["token"]],
  [{ auth: "basic" }, ["user"]],
  [{ auth: "basic", user: "a:b" }, ["user"]],
  [{ auth: "kept", headers: [{ name: "AUTHORIZATION", value: "x" }] }, ["headers", 0, "name"]],
] as const)("%j is refused", (typed, path) => {
  const { error } = TargetForm.safeParse({ ...toForm("app", stored, false), ...typed });
  expect(error?.issues.map((issue) => issue.path)).toEqual([path]);
});

import { expect, test } from "vitest";
import { giftsIn, givenRoles, noGifts } from "./gift-choice.ts";

const host = "a.example";

test.each<[string, Partial<typeof noGifts>, object]>([
  ["nothing", {}, {}],
  ["a role", { role: "operator" }, { role: { name: "operator" } }],
  ["a role of the host", { role: "operator", isOnHostOnly: true }, { role: { name: "operator", host } }],
  ["a host admin, of the host whatever is chosen", { role: "host-admin" }, { role: { name: "host-admin", host } }],
  ["groups of this host", { groups: new Set(["cast", "elsewhere"]) }, { groups: ["cast"] }],
  ["tags", { tags: " vip, beta.2  x," }, { tags: ["vip", "beta.2", "x"] }],
])("%s", (_what, choice, gifts) => {
  expect(giftsIn({ ...noGifts, ...choice }, host, ["cast", "crew"])).toEqual(gifts);
});

test("no invite makes an owner", () => {
  expect(givenRoles([{ role: "owner" }, { role: "admin" }, { role: "sly" }])).toEqual(["admin", "sly", "host-admin"]);
});

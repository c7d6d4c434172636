import { afterEach, beforeEach, expect, test } from "vitest";
import { adminTestServer, type AdminTestServer, firstAdmin, withoutAdmins } from "./testing.ts";

const path = "/api/v1/setup/names";
let fresh: AdminTestServer;

beforeEach(async () => {
  fresh = await adminTestServer({ policy: withoutAdmins });
});
afterEach(() => fresh.stop());

test("a host that is not served yet is looked up", async () => {
  const token = fresh.api.issueSetupToken()!;
  const { status, body } = await fresh.ask("GET", `${path}?token=${token}&host=bix.example`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ findings: [{ group: "dns", subject: "bix.example", values: { host: "bix.example" } }] });
});

test("who does not have the link asks no DNS", async () => {
  fresh.api.issueSetupToken();
  const answer = await fresh.ask("GET", `${path}?token=guess&host=bix.example`);
  expect(answer).toMatchObject({ status: 403, body: { code: "bad-token" } });
});

test("nor does anybody afterwards: the link has gone", async () => {
  const token = fresh.api.issueSetupToken()!;
  expect(await fresh.ask("POST", "/api/v1/setup", { body: { ...firstAdmin, token } })).toMatchObject({ status: 200 });
  const answer = await fresh.ask("GET", `${path}?token=${token}&host=bix.example`);
  expect(answer).toMatchObject({ status: 410, body: { code: "setup-done" } });
});

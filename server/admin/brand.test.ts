import { afterEach, beforeEach, expect, test } from "vitest";
import { png } from "../../e2e/support/png.ts";
import { adminTestServer, boss, user, type AdminTestServer } from "./testing.ts";

const api = "/api/v1/brand";
let server: AdminTestServer;
let as: Record<string, string>;
beforeEach(async () => {
  server = await adminTestServer();
  as = await server.signIn(boss);
});
afterEach(() => server.stop());

const upload = (data: string) => server.ask("POST", `${api}/logos`, { as, body: { data } });
const base64 = (width: number, height: number): string => png(width, height, [200, 0, 0]).toString("base64");

test("a logo is uploaded, and then named", async () => {
  const { body: logo } = await upload(base64(64, 32));
  expect(logo).toMatchObject({ width: 64, height: 32 });
  const { id } = logo as { id: string };
  expect((await server.ask("PUT", api, { as, body: { brand: { logo: { light: id } } } })).status).toBe(200);
  const { body } = await server.ask("GET", "/api/v1/status");
  expect(body).toMatchObject({ brand: { accent: "", logo: { light: id, dark: "" } } });
});

test.each([
  ["what is no picture", "AAAA", "no-logo"],
  ["a file over the limit", Buffer.alloc(256 * 1024 + 1).toString("base64"), "no-logo"],
  ["a side that is too short", base64(64, 15), "logo-sides"],
  ["a side that is too long", base64(1025, 16), "logo-sides"],
])("%s is refused", async (_name, data, reason) => {
  const { status, body } = await upload(data);
  expect(status).toBe(400);
  expect(JSON.stringify(body)).toContain(reason);
});

test("a logo that was not uploaded, and what is no colour, cannot be named", async () => {
  const missing = await server.ask("PUT", api, { as, body: { brand: { logo: { dark: "c".repeat(64) } } } });
  expect(missing.status).toBe(400);
  expect(JSON.stringify(missing.body)).toContain("no-such-logo");
  for (const accent of ["red", "#12345", "#12345;}", "#ABCDEF"])
    expect((await server.ask("PUT", api, { as, body: { brand: { accent } } })).status).toBe(400);
});

test("whoever may not write roles uploads nothing", async () => {
  const role = { description: "", permissions: ["policy:read", "audit:read"], hosts: null, access: "auditors" };
  await server.ask("PUT", "/api/v1/roles/auditor", { as, body: { role } });
  await server.ask("POST", "/api/v1/roles/auditor/members", { as, body: { jid: user } });
  const auditor = await server.signIn(user);
  const body = { data: base64(64, 32) };
  expect((await server.ask("POST", `${api}/logos`, { as: auditor, body })).status).toBe(403);
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { registerAccount } from "../features/registration/register-account.ts";
import { Jid } from "../xmpp/jid.ts";
import { adminTestServer, boss, warden, type AdminTestServer } from "./testing.ts";

const api = "/api/v1/registration";
let server: AdminTestServer;
let as: Record<string, string>;

beforeEach(async () => {
  server = await adminTestServer();
  as = await server.signIn(boss);
  await server.core.policy.change({ author: boss, comment: "", audit: null }, (draft) => {
    draft.registration = { ...draft.registration, mode: "approval", timeout: "infinity" };
  });
});
afterEach(() => server.stop());

const apply = (jid: string, message = "") => {
  const { local, domain: host } = Jid.parse(jid);
  const attempt = { host, local, address: "192.0.2.1", isSecure: true, password: "correct horse", message };
  return registerAccount(server.core, attempt, "web");
};
const listed = async (query = "", by = as) =>
  (await server.ask("GET", `${api}/applications?${query}`, { as: by })).body as {
    items: { jid: string; denied: object | null }[];
    total: number;
  };
const decide = (verb: "approve" | "deny", body: object, by = as) =>
  server.ask("POST", `${api}/applications/${verb}`, { as: by, body });

describe("applications", () => {
  test("are listed with what was written, and approved together, once", async () => {
    await apply("juliet@a.example", "I know romeo");
    await apply("romeo@a.example");
    expect(await listed()).toMatchObject({
      total: 2,
      items: [
        { jid: "juliet@a.example", message: "I know romeo", source: "web", address: "192.0.2.1", denied: null },
        { jid: "romeo@a.example" },
      ],
    });
    const jids = ["juliet@a.example", "romeo@a.example", "nobody@a.example"];
    expect((await decide("approve", { jids })).body).toEqual({
      done: 2,
      failed: [{ jid: "nobody@a.example", code: "not-found" }],
    });
    expect(await server.core.accounts.verify(Jid.parse("juliet@a.example"), "correct horse")).toBe("ok");
    expect(await listed()).toMatchObject({ total: 0, items: [] });
    const { items } = await server.stores.admin.auditList({ action: "registration.approve" }, { limit: 9 });
    expect(items).toMatchObject([{ actor: boss, object: "3 accounts", result: "done" }]);
  });

  test("are refused with a reason, which the audit trail keeps, too", async () => {
    await apply("juliet@a.example");
    expect((await decide("deny", { jids: ["juliet@a.example"], reason: "no room" })).body).toMatchObject({ done: 1 });
    expect((await listed("state=denied")).items).toMatchObject([
      { jid: "juliet@a.example", denied: { by: boss, reason: "no room" } },
    ]);
    expect((await decide("approve", { jids: ["juliet@a.example"] })).body).toMatchObject({ done: 0 });
    const { items } = await server.stores.admin.auditList({ action: "registration.deny" }, { limit: 9 });
    expect(items).toMatchObject([{ object: "juliet@a.example" }]);
    expect(items[0]?.detail).toContain("no room");
  });

  test("are those of one's own hosts", async () => {
    await apply("juliet@a.example");
    await apply("juliet@b.example");
    const held = await server.signIn(warden);
    expect((await listed("", held)).items.map(({ jid }) => jid)).toEqual(["juliet@a.example"]);
    expect((await decide("approve", { jids: ["juliet@b.example"] }, held)).status).toBe(403);
    expect((await listed()).items).toHaveLength(2);
  });

  test("that wait are something to look at", async () => {
    await apply("juliet@a.example");
    const { body } = await server.ask("GET", "/api/v1/overview", { as });
    expect(body["attention"]).toContainEqual(
      expect.objectContaining({ code: "applications-waiting", severity: "warning", value: "1" }),
    );
  });
});

test("decisions of a day are counted by the line that decided", async () => {
  await apply("juliet@a.example");
  await apply("romeo@a.example");
  await apply("admin@b.example");
  const hits = async (query = "", by = as) => (await server.ask("GET", `${api}/hits${query}`, { as: by })).body;
  expect(await hits()).toEqual({
    allowed: 2,
    denied: 1,
    lines: [
      { line: "mode: approval, defaultIpv4: allow", allowed: true, count: 2 },
      { line: "reservedNames: admin", allowed: false, count: 1 },
    ],
  });
  expect(await hits("", await server.signIn(warden))).toMatchObject({ allowed: 2, denied: 0 });
  server.clock.advance(86_400_001);
  as = await server.signIn(boss);
  expect(await hits()).toEqual({ allowed: 0, denied: 0, lines: [] });
});

describe("what is allowed once", () => {
  test("is listed, seen by the tester, used and gone", async () => {
    await server.core.policy.change({ author: boss, comment: "", audit: null }, (draft) => {
      draft.registration.mode = "closed";
    });
    const body = { jid: "juliet@a.example", address: "192.0.2.1", minutes: 5 };
    const pass = await server.ask("POST", `${api}/passes`, { as, body });
    expect(pass.body).toMatchObject({ jid: "juliet@a.example", network: "192.0.2.1/32", createdBy: boss });
    const asked = { host: "a.example", address: "192.0.2.1", local: "juliet" };
    expect((await server.ask("POST", `${api}/test`, { as, body: asked })).body).toMatchObject({
      allowed: true,
      line: `allowed once by ${boss}`,
    });
    expect(await apply("nurse@a.example")).toMatchObject({ code: "closed" });
    expect(await apply("juliet@a.example")).toMatchObject({ code: "allowed" });
    expect((await server.ask("GET", `${api}/passes`, { as })).body).toEqual({ items: [] });
  });

  test("is taken back by those who administer its host", async () => {
    const body = { jid: "juliet@b.example", address: "2001:db8::1" };
    const { body: pass } = await server.ask("POST", `${api}/passes`, { as, body });
    expect(pass).toMatchObject({ network: "2001:db8::/64" });
    const held = await server.signIn(warden);
    const id = String(pass["id"]);
    expect((await server.ask("GET", `${api}/passes`, { as: held })).body).toEqual({ items: [] });
    expect((await server.ask("DELETE", `${api}/passes/${id}`, { as: held })).status).toBe(403);
    expect((await server.ask("DELETE", `${api}/passes/${id}`, { as })).status).toBe(200);
    expect((await server.ask("DELETE", `${api}/passes/${id}`, { as })).status).toBe(404);
  });

  test("needs an address", async () => {
    const body = { jid: "juliet@a.example", address: "home" };
    expect((await server.ask("POST", `${api}/passes`, { as, body })).status).toBe(400);
  });
});

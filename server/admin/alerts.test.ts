import { afterEach, beforeEach, expect, test } from "vitest";
import { adminTestServer, boss, user, type AdminTestServer } from "./testing.ts";

const api = "/api/v1/alerts";
let server: AdminTestServer;
let as: Record<string, string>;
beforeEach(async () => {
  server = await adminTestServer();
  as = await server.signIn(boss);
});
afterEach(() => server.stop());

const set = (alerts: object) => server.ask("PUT", api, { as, body: { alerts } });

test("a test message comes from the recipient's own host, or from the first one", async () => {
  expect((await server.ask("POST", `${api}/test`, { as, body: {} })).body).toEqual({ sent: 0 });
  expect((await set({ recipients: [user, "ops@elsewhere.example"], least: "warning" })).status).toBe(200);
  const sent: string[] = [];
  const { router } = server.core;
  const send = router.send.bind(router);
  router.send = (stanza, ...more) => {
    sent.push(`${stanza.from} -> ${stanza.to}`);
    return send(stanza, ...more);
  };
  expect((await server.ask("POST", `${api}/test`, { as, body: {} })).body).toEqual({ sent: 2 });
  expect(sent).toEqual([`a.example -> ${user}`, "a.example -> ops@elsewhere.example"]);
  const { body } = await server.ask("GET", api, { as });
  expect(body).toEqual({ alerts: { recipients: [user, "ops@elsewhere.example"], least: "warning" }, told: [] });
});

test("what is no address is refused, and where it stands is told", async () => {
  const { status, body } = await set({ recipients: [user, "@nobody"] });
  expect(status).toBe(422);
  expect(JSON.stringify(body)).toContain("operations.alerts.recipients[1]");
});

test("fifty people are told at most", async () => {
  const recipients = Array.from({ length: 51 }, (_, index) => `ops${index}@a.example`);
  expect((await set({ recipients })).status).toBe(400);
  expect((await set({ recipients: recipients.slice(1) })).status).toBe(200);
});

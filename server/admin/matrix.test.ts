import { afterAll, beforeAll, expect, test } from "vitest";
import { permissions } from "../../lib/contracts/permissions.ts";
import { contractEntries, type Entry } from "./dispatch.ts";
import { adminTestServer, type AdminTestServer } from "./testing.ts";

const entries = [...contractEntries().values()];
const guarded = entries.filter(({ meta }) => meta.permission !== "public");
const pathOf = ({ path }: Entry): string => `/api/v1${path.replaceAll(/\{\w+\}/g, "x%40a.example")}`;
const bodyOf = ({ method }: Entry) => (method === "GET" ? {} : { body: {} });

let server: AdminTestServer;
beforeAll(async () => {
  server = await adminTestServer();
});
afterAll(() => server.stop());

const audited = async () => (await server.stores.admin.auditList({}, { limit: 500 })).items;

const named = (some: readonly Entry[]) => some.map((entry) => [entry.name, entry] as const);

test.each(named(guarded))("%s needs credentials", async (_name, entry) => {
  const before = (await audited()).length;
  const answer = await server.ask(entry.method, pathOf(entry), bodyOf(entry));
  expect(answer.status).toBe(401);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.body).toMatchObject({ code: "unauthenticated", status: 401, type: expect.any(String) });
  expect(answer.body["requestId"]).toBe(answer.headers.get("x-request-id"));
  expect((await audited()).length).toBe(before);
});

const withPermission = guarded.filter(({ meta }) => meta.permission !== "self");

test.each(named(withPermission))("%s names the permission that is missing", async (_name, entry) => {
  const { permission, audit } = entry.meta;
  const as = await server.key(permissions.filter((one) => one !== permission));
  const before = await audited();
  const answer = await server.ask(entry.method, pathOf(entry), { ...bodyOf(entry), as });
  expect(answer).toMatchObject({ status: 403, body: { code: "forbidden", permission } });
  const added = (await audited()).slice(0, -before.length || undefined);
  if (audit === undefined) expect(added).toEqual([]);
  else expect(added).toMatchObject([{ action: audit, result: "refused", actor: "test key" }]);
});

const ofAllHosts = withPermission.filter(({ meta }) => meta.host === undefined && meta.filtered !== true);

test.each(named(ofAllHosts))("%s is refused to whoever is held to one host", async (_name, entry) => {
  const as = await server.key(permissions, { hosts: ["b.example"] });
  const answer = await server.ask(entry.method, pathOf(entry), { ...bodyOf(entry), as });
  expect(answer).toMatchObject({ status: 403, body: { code: "forbidden", rule: "configure" } });
});

test("every entry has a summary and an action of its own", () => {
  for (const { procedure } of entries) expect(procedure["~orpc"].route.summary).toBeTruthy();
  const actions = entries.flatMap(({ meta }) => meta.audit ?? []);
  expect(new Set(actions).size).toBe(actions.length);
});

test("the OpenAPI document has every entry with its permission", async () => {
  const { status, body } = await server.ask("GET", "/api/v1/openapi.json");
  expect(status).toBe(200);
  const operations = Object.values(body["paths"] as Record<string, Record<string, Record<string, unknown>>>).flatMap(
    (path) => Object.values(path),
  );
  expect(operations.map((operation) => String(operation["operationId"])).toSorted()).toEqual(
    entries.map(({ name }) => name).toSorted(),
  );
  expect(operations.every((operation) => typeof operation["x-permission"] === "string")).toBe(true);
});

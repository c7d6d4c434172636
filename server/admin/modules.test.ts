import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { defineModule } from "../core/module.ts";
import { Jid } from "../xmpp/jid.ts";
import { adminTestServer, boss, user, type AdminTestServer } from "./testing.ts";

const api = "/api/v1/modules";
let started: string[];
let mayStart: boolean;

const guard = defineModule({
  name: "guard",
  summary: "Says who may be seen, for the test.",
  xeps: [{ number: 199, version: "2.0.1", status: "partial", note: "Half of it." }],
  rfcs: ["RFC 6121"],
  options: z.strictObject({ limit: z.int().min(1).max(9).default(3).describe("How many.") }),
  start({ hook, host, options, service, onStop, log }) {
    if (!mayStart) throw new Error("not today");
    started.push(`${host.name} ${options.limit}`);
    onStop(() => started.push(`${host.name} stopped`));
    service("guard.@HOST@", "Guard");
    hook("presence/visible", () => {
      log.warn("asked");
      throw new Error("broke");
    });
  },
});
const after = defineModule({
  name: "after",
  summary: "Comes after it.",
  xeps: [],
  options: z.strictObject({}),
  requires: ["guard"],
  start: ({ hook }) => hook("presence/visible", () => true, 90),
});

let server: AdminTestServer;
let as: Record<string, string>;
beforeEach(async () => {
  started = [];
  mayStart = true;
  server = await adminTestServer({ modules: [guard, after] });
  as = await server.signIn(boss);
});
afterEach(() => server.stop());

const put = (body: object) => server.ask("PUT", `${api}/guard`, { as, body });
const get = async () => (await server.ask("GET", `${api}/guard`, { as })).body;

test("a module is told with its options, its state on each host and its part in the hooks", async () => {
  const event = { user: Jid.parse(user), from: Jid.parse(user) };
  for (let index = 0; index < 70; index += 1)
    void server.core.hosts.get("a.example")!.hooks.fire("presence/visible", event);
  expect(await get()).toMatchObject({
    name: "guard",
    source: "built-in",
    xeps: [{ number: 199, version: "2.0.1", status: "partial", note: "Half of it." }],
    rfcs: ["RFC 6121"],
    hasOptions: true,
    setting: null,
    options: { properties: { limit: { type: "integer", minimum: 1, default: 3, description: "How many." } } },
    hosts: [
      {
        host: "a.example",
        enabled: true,
        inherited: true,
        error: null,
        running: { registered: { hooks: 1, iqs: 0, services: ["guard.a.example"] } },
        faults: { warnings: 70, errors: 70 },
      },
      { host: "b.example", faults: { warnings: 0, errors: 0 } },
    ],
    hooks: [
      {
        host: "a.example",
        chains: [
          {
            hook: "presence/visible",
            handlers: [
              { module: "guard", priority: 50, calls: 70, errors: 70 },
              { module: "after", priority: 90, calls: 70, errors: 0, p95Us: expect.any(Number) },
            ],
          },
        ],
      },
    ],
  });
  const there = await server.ask("GET", `${api}/guard?host=b.example`, { as });
  expect(there.body["hooks"]).toMatchObject([{ host: "b.example", chains: [{ hook: "presence/visible" }] }]);
  expect((await server.ask("GET", `${api}/guard?host=nowhere.example`, { as })).status).toBe(404);
  const { body } = await server.ask("GET", "/api/v1/hooks/a.example", { as });
  expect(body["items"]).toContainEqual(expect.objectContaining({ hook: "presence/visible" }));
  expect((await server.ask("GET", `${api}/nonesuch`, { as })).status).toBe(404);
});

test("a change is checked, compared, and applied to the hosts that it is about", async () => {
  const setting = { enabled: true, options: { limit: 5 } };
  const checked = await server.ask("POST", `${api}/guard/check`, { as, body: { setting, host: "b.example" } });
  expect(checked.body).toMatchObject({ issues: [], changes: [{ path: expect.stringContaining("b.example") }] });
  expect(started).toEqual(["a.example 3", "b.example 3"]);
  expect((await put({ setting, host: "b.example" })).status).toBe(200);
  expect(started).toEqual(["a.example 3", "b.example 3", "b.example stopped", "b.example 5"]);
  expect((await get())["hosts"]).toMatchObject([{ inherited: true }, { inherited: false, options: { limit: 5 } }]);
  expect((await put({ setting: null, host: "b.example" })).status).toBe(200);
  expect(started.at(-1)).toBe("b.example 3");
});

test.each([{ limit: 10 }, { limit: "x" }, { other: 1 }])("bad options cannot be applied: %j", async (options) => {
  const setting = { enabled: true, options };
  const checked = await server.ask("POST", `${api}/guard/check`, { as, body: { setting } });
  expect(checked.body["issues"]).toContainEqual(expect.objectContaining({ code: "bad-option", severity: "error" }));
  expect((await put({ setting })).status).toBe(422);
  expect(started).toHaveLength(2);
});

test("a change of what somebody else has changed meanwhile is refused", async () => {
  const base = ((await get())["revision"] as { id: number }).id;
  expect((await put({ setting: { enabled: true, options: { limit: 4 } }, baseRevision: base })).status).toBe(200);
  expect((await put({ setting: null, baseRevision: base })).status).toBe(409);
});

test("a restart says what was dropped, and what does not come back", async () => {
  const restart = (host: string) => server.ask("POST", `${api}/guard/restart`, { as, body: { host } });
  expect(await restart("a.example")).toMatchObject({
    status: 200,
    body: { dropped: { hooks: 1, services: ["guard.a.example"] }, error: null, tookMs: expect.any(Number) },
  });
  expect(started).toEqual(["a.example 3", "b.example 3", "a.example stopped", "a.example 3"]);
  mayStart = false;
  expect((await restart("a.example")).body).toMatchObject({ error: "not today" });
  mayStart = true;
  expect((await restart("a.example")).body).toMatchObject({ dropped: null, error: null });
  await put({ setting: { enabled: false }, host: "a.example" });
  expect((await restart("a.example")).status).toBe(409);
  expect((await restart("c.example")).status).toBe(404);
  const rows = (await server.stores.admin.auditList({ action: "module.restart" }, { limit: 9 })).items;
  expect(rows.at(-1)).toMatchObject({ object: "guard on a.example", result: "done" });
});

test("the list counts hosts, of all or of one", async () => {
  mayStart = false;
  await put({ setting: { enabled: true, options: { limit: 4 } }, host: "b.example" });
  const listed = async (query = "") =>
    (await server.ask("GET", `${api}${query}`, { as })).body["items"] as Record<string, unknown>[];
  expect((await listed())[0]).toMatchObject({ name: "guard", hosts: { runs: 1, off: 0, failed: 1, own: 1 } });
  expect((await listed("?host=a.example"))[0]).toMatchObject({ hosts: { runs: 1, off: 0, failed: 0, own: 0 } });
  expect((await listed("?host=b.example"))[0]).toMatchObject({ hosts: { runs: 0, off: 0, failed: 1, own: 1 } });
  expect((await server.ask("GET", `${api}?host=nowhere.example`, { as })).status).toBe(404);
});

test("what failed and is switched off, or whose host is gone, wants no attention any more", async () => {
  const failed = async () => {
    const { body } = await server.ask("GET", "/api/v1/attention", { as });
    const items = body["items"] as { code: string; subject: string }[];
    return items.flatMap(({ code, subject }) => (code === "module-failed" ? [subject] : []));
  };
  mayStart = false;
  await put({ setting: { enabled: true, options: { limit: 4 } } });
  expect(await failed()).toEqual(["guard on a.example", "guard on b.example"]);
  await put({ setting: { enabled: false, options: {} }, host: "a.example" });
  expect(await failed()).toEqual(["guard on b.example"]);
  expect((await server.ask("DELETE", "/api/v1/hosts/b.example", { as, body: { confirm: "b.example" } })).status).toBe(
    200,
  );
  expect(await failed()).toEqual([]);
});

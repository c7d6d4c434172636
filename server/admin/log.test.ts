import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { adminTestServer, boss, type AdminTestServer } from "./testing.ts";

let server: AdminTestServer;
let as: Record<string, string>;
beforeEach(async () => {
  server = await adminTestServer();
  as = await server.signIn(boss);
  for (let index = 1; index <= 5; index += 1) server.core.log.for("muc").warn(`record ${index}`, { host: "a.example" });
  server.core.log.for("archive", { host: "b.example" }).error("broke", { reason: "Disk" });
});
afterEach(() => server.stop());

interface Row {
  readonly id: number;
  readonly message: string;
}
const list = async (query = "") => {
  const { status, body } = await server.ask("GET", `/api/v1/log${query}`, { as });
  expect(status).toBe(200);
  return body as unknown as { items: Row[]; nextCursor: string | null; oldest: number };
};
const messages = async (query = "") => (await list(query)).items.map(({ message }) => message);

describe("records", () => {
  test("come newest first, page by page", async () => {
    const first = await list("?limit=2");
    expect(first.items.map(({ message }) => message)).toEqual(["broke", "record 5"]);
    expect(first.items[0]!.id).toBe(first.items[1]!.id + 1);
    expect(await messages(`?limit=2&cursor=${first.nextCursor}`)).toEqual(["record 4", "record 3"]);
    expect(await messages(`?limit=9&cursor=${first.oldest}`)).toEqual([]);
  });

  test.each([
    ["?level=error", ["broke"]],
    ["?module=archive", ["broke"]],
    ["?host=a.example&limit=1", ["record 5"]],
    ["?module=muc&not=module", ["broke"]],
    ["?level=error&not=level&limit=1", ["record 5"]],
    ["?level=warn&not=level", []],
    ["?level=error&module=archive&not=level,module&limit=1", ["record 5"]],
    ["?search=DISK", ["broke"]],
    ["?search=record%203", ["record 3"]],
    ["?level=error&host=a.example", []],
    ["?until=2001-01-01T00:00:00.000Z", []],
  ])("%s: %j", async (query, expected) => {
    expect(await messages(query)).toEqual(expected);
  });

  test("are shown with what is around them, as long as they are kept", async () => {
    const [newest] = (await list()).items;
    const { body } = await server.ask("GET", `/api/v1/log/${newest!.id - 1}?around=1`, { as });
    expect((body["items"] as Row[]).map(({ message }) => message)).toEqual(["record 4", "record 5", "broke"]);
    expect((await server.ask("GET", `/api/v1/log/${newest!.id + 9}`, { as })).status).toBe(404);
  });

  test("can be kept as text", async () => {
    const { body } = await server.ask("GET", "/api/v1/log/download?module=archive", { as });
    expect(body).toMatchObject({ records: 1 });
    expect(body["text"]).toMatch(/^\S+Z error archive: broke host=b\.example reason=Disk\n$/);
  });
});

describe("levels", () => {
  test("are set for a while and told to viewers, with an audit row", async () => {
    const changed: unknown[] = [];
    server.api.events.subscribe(({ resource }) => changed.push(resource));
    const body = { module: "muc", level: "debug", minutes: 5 };
    const set = await server.ask("PUT", "/api/v1/log/levels", { as, body });
    expect(set).toMatchObject({ status: 200, body: { module: "muc", level: "debug", by: boss } });
    server.core.log.for("muc").debug("details");
    server.core.log.for("archive").debug("hidden");
    expect((await messages())[0]).toBe("details");
    expect((await server.ask("GET", "/api/v1/log/levels", { as })).body).toMatchObject({
      standard: "warn",
      overrides: [{ module: "muc" }],
      modules: expect.arrayContaining(["archive", "muc"]),
    });
    expect((await server.ask("POST", "/api/v1/log/levels/reset", { as, body: { module: "muc" } })).status).toBe(200);
    expect((await server.ask("POST", "/api/v1/log/levels/reset", { as, body: { module: "muc" } })).status).toBe(404);
    server.core.log.for("muc").debug("hidden");
    expect((await messages())[0]).toBe("details");
    expect(changed).toContain("log");
    const rows = (await server.stores.admin.auditList({}, { limit: 3 })).items;
    expect(rows.map(({ action, object, result }) => [action, object, result])).toEqual([
      ["log.reset-level", "muc", "failed"],
      ["log.reset-level", "muc", "done"],
      ["log.set-level", "muc", "done"],
    ]);
  });
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openToNobody, talkative } from "../core/remote/testing-links.ts";
import { el } from "../xmpp/element.ts";
import { NS } from "../xmpp/namespaces.ts";
import { Stanza } from "../xmpp/stanza.ts";
import { adminTestServer, type AdminTestServer, boss } from "./testing.ts";

const api = "/api/v1/links";

let server: AdminTestServer;
let as: Record<string, string>;
/** Domains that were looked up. */
let sought: string[];

beforeEach(async () => {
  server = await adminTestServer({ modules: [talkative] });
  await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
    draft.accessRules["s2s_access"] = [{ allow: ["all"] }];
  });
  as = await server.signIn(boss);
  sought = await openToNobody(server.core);
});
afterEach(() => {
  server.core.links.close();
  return server.stop();
});

const list = async (query = "", who = as) => (await server.ask("GET", `${api}${query}`, { as: who })).body;
const items = async (query = "", who = as) => (await list(query, who))["items"] as Record<string, unknown>[];

/** Something for another server; its link fails. */
async function write(from: string, to: string): Promise<void> {
  await server.core.router.send(Stanza.from(el("message", NS.client, { from, to }, el("body", NS.client, {}, "hi"))));
  const [local, remote] = [from.split("@")[1]!, to.split("@")[1]!];
  await vi.waitUntil(() =>
    [...server.core.links.outgoing()].some(
      (link) => link.local === local && link.remote === remote && link.state === "waiting",
    ),
  );
}

test("a link that failed is told with what waits, why, and when it is tried again", async () => {
  await write("one@a.example", "two@capulet.example");
  expect(await list()).toMatchObject({ total: 1, isOpen: true, listeners: [] });
  expect(await items()).toEqual([
    {
      id: expect.any(String),
      direction: "out",
      local: "a.example",
      host: "a.example",
      remote: "capulet.example",
      state: "waiting",
      address: null,
      tls: null,
      certified: false,
      proof: null,
      bidirectional: false,
      since: expect.any(String),
      sent: 0,
      received: 0,
      queued: { stanzas: 1, length: expect.any(Number) },
      retryAt: expect.any(String),
      lastError: { code: "dns-failed", text: "capulet.example cannot be looked up", at: expect.any(String) },
    },
  ]);
});

test("the list is narrowed and paged, in the order of the domains", async () => {
  for (const remote of ["c.test", "a.test", "b.test"]) await write("x@a.example", `y@${remote}`);
  await write("x@b.example", "y@a.test");
  const names = async (query: string) => (await items(query)).map(({ remote, local }) => [local, remote].join(" "));
  expect(await names("")).toEqual(["a.example a.test", "b.example a.test", "a.example b.test", "a.example c.test"]);
  expect(await names("?search=B.TEST")).toEqual(["a.example b.test"]);
  expect(await names("?host=b.example")).toEqual(["b.example a.test"]);
  expect(await names("?direction=in")).toEqual([]);
  expect(await names("?state=open")).toEqual([]);
  expect(await names("?direction=out&not=direction")).toEqual([]);
  expect(await names("?direction=in&not=direction&search=b.test")).toEqual(["a.example b.test"]);
  expect(await names("?state=open&not=state&host=b.example")).toEqual(["b.example a.test"]);
  expect((await server.ask("GET", `${api}?not=search`, { as })).status).toBe(400);
  const first = await list("?limit=3");
  expect(first["total"]).toBe(4);
  expect(await names(`?limit=3&cursor=${String(first["nextCursor"])}`)).toEqual(["a.example c.test"]);
  expect((await server.ask("GET", `${api}?cursor=!`, { as })).status).toBe(400);
});

test("whoever is held to a host sees its links, and ends none", async () => {
  await write("x@a.example", "y@a.test");
  await write("x@b.example", "y@b.test");
  const host = await server.key(["links:read", "links:write"], { hosts: ["a.example"] });
  expect((await items("", host)).map(({ local }) => local)).toEqual(["a.example"]);
  const [any] = await items();
  expect((await server.ask("POST", `${api}/${String(any!["id"])}/close`, { as: host })).status).toBe(403);
});

test("is tried again at once, and closed, by hand; both are in the audit log", async () => {
  await write("x@a.example", "y@a.test");
  const [{ id } = {}] = await items();
  sought.length = 0;
  expect((await server.ask("POST", `${api}/${String(id)}/retry`, { as })).status).toBe(200);
  expect(sought).toEqual(["a.test"]);
  await vi.waitUntil(async () => (await items())[0]!["state"] === "waiting");
  expect((await server.ask("POST", `${api}/${String(id)}/close`, { as })).status).toBe(200);
  expect((await items())[0]).toMatchObject({ state: "idle", queued: { stanzas: 0 }, lastError: { code: "closed" } });
  const { items: rows } = await server.stores.admin.auditList({}, { limit: 10 });
  expect(rows.map(({ action, object }) => `${action} ${object}`)).toEqual(
    expect.arrayContaining(["link.retry a.example a.test", "link.close a.example a.test"]),
  );
  for (const verb of ["retry", "close"])
    expect((await server.ask("POST", `${api}/none/${verb}`, { as })).status).toBe(404);
});

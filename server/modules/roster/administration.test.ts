import { afterEach, beforeEach, expect, test } from "vitest";
import { adminTestServer, boss, user, warden, type AdminTestServer } from "../../admin/testing.ts";
import { TestClient } from "../../core/testing.ts";
import { Jid } from "../../xmpp/jid.ts";
import { roster } from "./module.ts";

const api = `/api/v1/users/${encodeURIComponent(user)}`;
let server: AdminTestServer;
let as: Record<string, string>;

beforeEach(async () => {
  server = await adminTestServer({ modules: [roster] });
  as = await server.signIn(boss);
});
afterEach(() => server.stop());

const contacts = async () => (await server.ask("GET", api, { as })).body["roster"];

test("a contact is set right, its account's clients are told, and the other side is left alone", async () => {
  const client = await TestClient.bind(server.core, Jid.parse(`${user}/phone`));
  client.send("<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
  await client.expect(`<iq type='result' id='r' to='${user}/phone'><query xmlns='jabber:iq:roster' ver='0'/></iq>`);
  const body = { name: "The boss", subscription: "both", groups: ["Work"] };
  expect((await server.ask("PUT", `${api}/roster/boss%40a.example`, { as, body })).status).toBe(200);
  await client.expect(
    `<iq type='set' id='{any}' to='${user}/phone'><query xmlns='jabber:iq:roster' ver='1'><item jid='${boss}' name='The boss' subscription='both'><group>Work</group></item></query></iq>`,
  );
  expect(await contacts()).toEqual([{ jid: boss, ask: false, ...body }]);
  expect((await server.stores.rosters.get("a.example", "boss")).items).toEqual([]);
  expect((await server.ask("DELETE", `${api}/roster/boss%40a.example`, { as })).status).toBe(200);
  await client.expect(
    `<iq type='set' id='{any}' to='${user}/phone'><query xmlns='jabber:iq:roster' ver='2'><item jid='${boss}' subscription='remove'/></query></iq>`,
  );
  expect(await contacts()).toEqual([]);
});

test.each<[number, string, string, object | undefined]>([
  [404, "DELETE", `${api}/roster/nobody%40a.example`, undefined],
  [400, "PUT", `${api}/roster/${encodeURIComponent(user)}`, { subscription: "both" }],
  [400, "PUT", `${api}/roster/boss%40a.example`, { subscription: "friends" }],
  [404, "PUT", "/api/v1/users/nobody%40a.example/roster/boss%40a.example", { subscription: "both" }],
])("%i: %s %s %j", async (status, method, path, body) => {
  expect((await server.ask(method, path, { as, ...(body ? { body } : {}) })).status).toBe(status);
});

test("a roster that is full takes no more", async () => {
  await server.core.policy.change({ author: boss, comment: "", audit: null }, (draft) => {
    draft.modules["roster"] = { enabled: true, options: { max_items: 1 } };
  });
  const put = (contact: string) =>
    server.ask("PUT", `${api}/roster/${encodeURIComponent(contact)}`, { as, body: { subscription: "none" } });
  await expect.poll(async () => (await put(boss)).status).toBe(200);
  await expect.poll(async () => (await put(warden)).status).toBe(409);
});

test("what an account keeps is shown to whoever may read what is private, on the record", async () => {
  await server.stores.personal.setVcard("a.example", "user", "<vCard xmlns='vcard-temp'><FN>U</FN></vCard>");
  await server.stores.personal.setPrivate("a.example", "user", "ns", "x", "<x xmlns='ns'/>", 1000);
  await server.stores.personal.setBlocked("a.example", "user", ["spam@b.example"], [], 10);
  expect((await server.ask("GET", `${api}/raw`, { as })).body).toEqual({
    vcard: "<vCard xmlns='vcard-temp'><FN>U</FN></vCard>",
    privates: ["<x xmlns='ns'/>"],
    nodes: [],
    blocked: ["spam@b.example"],
  });
  expect((await server.ask("GET", `${api}/raw`, { as: await server.key(["users:read"]) })).status).toBe(403);
  const { items } = await server.stores.admin.auditList({ action: "user.raw" }, { limit: 9 });
  expect(items.map(({ object, result }) => `${object} ${result}`)).toEqual([`${user} refused`, `${user} done`]);
});

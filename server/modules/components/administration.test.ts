import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { adminTestServer, type AdminTestServer, boss, warden } from "../../admin/testing.ts";
import type { ComponentLink } from "../../core/components.ts";
import type { StreamError } from "../../xmpp/errors.ts";
import { components } from "./module.ts";

const api = "/api/v1/components";
const irc = "irc.a.example";

let server: AdminTestServer;
let as: Record<string, string>;
beforeEach(async () => {
  server = await adminTestServer({ modules: [components] });
  as = await server.signIn(boss);
});
afterEach(() => server.stop());

const add = (body: object = {}) =>
  server.ask("POST", api, { as, body: { host: "a.example", domain: irc, name: "IRC", ...body } });
const list = async (who = as) => (await server.ask("GET", api, { as: who })).body["items"] as Record<string, unknown>[];
const proves = (secret: string, domain = irc): boolean =>
  server.core.components.get(domain)?.isProvedBy("id", createHash("sha1").update(`id${secret}`).digest("hex")) === true;
const documents = async () =>
  JSON.stringify([server.core.policy.document, await server.stores.admin.auditList({}, { limit: 50 })]);

/** A stream that has proved the secret. */
function link(): ComponentLink & { closedWith: StreamError | null | undefined } {
  const traffic = { stanzas: 2, bytes: 100 };
  return {
    address: "192.0.2.7",
    incoming: traffic,
    outgoing: traffic,
    closedWith: undefined,
    send() {},
    keepAlive() {},
    close(error) {
      this.closedWith = error ?? null;
    },
  };
}

test("is declared with a secret that is told once, and kept sealed", async () => {
  const answer = await add();
  const secret = String(answer.body["secret"]);
  expect(answer.status).toBe(200);
  expect(secret).toMatch(/^[\w-]{32}$/);
  expect(proves(secret)).toBe(true);
  expect(await list()).toEqual([
    {
      domain: irc,
      host: "a.example",
      name: "IRC",
      isForAllHosts: false,
      access: null,
      secretFrom: "store",
      privileges: { roster: "none", push: true, message: "none", presence: "none", iq: {} },
      delegations: [],
      connection: null,
      lastSeenAt: null,
    },
  ]);
  expect(await documents()).not.toContain(secret);
  expect(JSON.stringify(server.core.policy.document)).toContain("sealed:");
});

test("may bring its secret, which is not told again", async () => {
  const secret = "known to the gateway already";
  expect((await add({ secret })).body).toMatchObject({ secret: null });
  expect(proves(secret)).toBe(true);
  expect(await documents()).not.toContain(secret);
  expect(await add({ domain: "x.a.example", secret: "short" })).toMatchObject({ status: 400 });
  expect(await documents()).not.toContain("short");
});

test.each([
  ["a domain that is taken", {}, 409, "exists"],
  ["a virtual host", { domain: "b.example" }, 409, "exists"],
  ["a host that is not here", { host: "c.example", domain: "x.c.example" }, 404, "not-found"],
  ["what is no domain", { domain: "a b" }, 409, "conflict"],
])("is refused for %s", async (_, body, status, code) => {
  await add();
  expect(await add(body)).toMatchObject({ status, body: { code } });
});

test("keeps the others, and their secrets, when one comes or goes", async () => {
  const first = String((await add()).body["secret"]);
  const second = String((await add({ domain: "bot.@HOST@", name: "Bot" })).body["secret"]);
  expect([proves(first), proves(second, "bot.a.example")]).toEqual([true, true]);
  expect(await server.ask("DELETE", `${api}/${irc}`, { as })).toMatchObject({ status: 200 });
  expect((await list()).map(({ domain }) => domain)).toEqual(["bot.a.example"]);
  expect(proves(second, "bot.a.example")).toBe(true);
  expect(await server.ask("DELETE", `${api}/${irc}`, { as })).toMatchObject({ status: 404 });
});

test("gets a new secret; the one before is worth nothing", async () => {
  const before = String((await add()).body["secret"]);
  const now = String((await server.ask("POST", `${api}/${irc}/secret`, { as })).body["secret"]);
  expect([proves(before), proves(now)]).toEqual([false, true]);
  const revision = server.core.policy.revision.id - 1;
  await server.ask("POST", `/api/v1/policy/revisions/${revision}/rollback`, { as });
  expect([proves(before), proves(now)]).toEqual([true, false]);
});

test("shows its connection, and is disconnected", async () => {
  await add();
  const component = server.core.components.get(irc)!;
  const stream = link();
  component.attach(stream);
  expect((await list())[0]).toMatchObject({
    connection: { address: "192.0.2.7", received: { stanzas: 2, bytes: 100 }, sent: { stanzas: 2 } },
  });
  expect(await server.ask("POST", `${api}/${irc}/disconnect`, { as })).toMatchObject({ status: 200 });
  expect(stream.closedWith?.condition).toBe("reset");
  component.detach(stream);
  expect((await list())[0]).toMatchObject({ connection: null, lastSeenAt: expect.any(String) });
  expect(await server.ask("POST", `${api}/${irc}/disconnect`, { as })).toMatchObject({ status: 409 });
});

test("is for whoever may change the policy of all hosts", async () => {
  await add();
  const held = await server.signIn(warden);
  expect(await server.ask("DELETE", `${api}/${irc}`, { as: held })).toMatchObject({ status: 403 });
});

test("rights are set, told, kept by other changes, and refused where they make no sense", async () => {
  await add();
  const rights = { privileges: { roster: "get", presence: "roster" }, delegations: [{ namespace: "urn:xmpp:mam:2" }] };
  expect((await server.ask("PUT", `${api}/${irc}/rights`, { as, body: rights })).status).toBe(200);
  await server.ask("POST", `${api}/${irc}/secret`, { as });
  expect((await list())[0]).toMatchObject({
    privileges: { roster: "get", push: true, message: "none", presence: "roster", iq: {} },
    delegations: [{ namespace: "urn:xmpp:mam:2", attributes: [] }],
  });
  const wrong = [
    { privileges: { presence: "roster" } },
    { privileges: { roster: "all" } },
    { privileges: { iq: { "urn:a": "none" } } },
    { delegations: [{ namespace: "urn:xmpp:privilege:2" }] },
    { delegations: [{ namespace: "" }] },
  ];
  for (const body of wrong)
    expect((await server.ask("PUT", `${api}/${irc}/rights`, { as, body })).status, JSON.stringify(body)).toBe(400);
  await server.ask("PUT", `${api}/${irc}/rights`, { as, body: {} });
  expect((await list())[0]).toMatchObject({ privileges: { roster: "none", presence: "none" }, delegations: [] });
});

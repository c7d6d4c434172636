import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Jid } from "../xmpp/jid.ts";
import { adminTestServer, type AdminTestServer, boss, user, warden } from "./testing.ts";

let server: AdminTestServer;
const account = Jid.parse(user);
const phone = "d4565fa7-4d72-4749-b3d3-740edbf87770";
const path = `/api/v1/users/${user}/clients`;

beforeEach(async () => {
  server = await adminTestServer();
});
afterEach(() => server.stop());

async function login(isPassword: boolean): Promise<string> {
  const { clients } = server.core;
  const id = clients.idOf(account, phone);
  await clients.login(
    account,
    {
      id,
      software: "Pocket",
      device: null,
      mechanism: isPassword ? "SCRAM-SHA-256" : "HT-SHA-256-NONE",
      address: "192.0.2.7",
      isPassword,
      used: null,
      isInvalidated: false,
      issued: clients.newToken("HT-SHA-256-NONE", 60_000),
    },
    null,
  );
  return id;
}

describe("clients of an account", () => {
  test("are listed with what they can come back with, and no secret of theirs", async () => {
    const id = await login(true);
    const answer = await server.ask("GET", path, { as: await server.signIn(boss) });
    expect(answer.body).toMatchObject({
      items: [
        {
          id,
          software: "Pocket",
          device: null,
          mechanism: "SCRAM-SHA-256",
          address: "192.0.2.7",
          sessions: [],
          knowsPassword: true,
          hasToken: true,
        },
      ],
    });
    const row = await server.stores.clients.find(account.domain, account.local, id);
    const text = JSON.stringify(answer.body);
    expect(text).not.toContain(row!.fresh!.nonce);
    expect(text).not.toContain(server.core.clients.tokenText(account, id, row!.fresh!));
    expect(text).not.toContain(phone);
  });

  test.each([true, false])("are signed out, and it is said whether they know the password: %s", async (isPassword) => {
    const id = await login(isPassword);
    const as = await server.signIn(boss);
    expect(await server.ask("DELETE", `${path}/${id}`, { as })).toMatchObject({
      status: 200,
      body: { knowsPassword: isPassword },
    });
    const row = await server.stores.clients.find(account.domain, account.local, id);
    expect(row?.fresh ?? null).toBeNull();
    const { items } = await server.stores.admin.auditList({}, { limit: 20 });
    const [audited] = items.filter(({ action }) => action === "user.revoke-client");
    expect([audited?.object, audited?.result, JSON.parse(audited?.detail ?? "{}")]).toEqual([
      user,
      "done",
      expect.objectContaining({ client: id }),
    ]);
  });

  test.each([
    ["nobody", "/api/v1/users/nobody@a.example/clients", 404],
    ["a host that is not here", "/api/v1/users/x@c.example/clients", 404],
  ])("of %s there are none", async (_name, where, status) => {
    const as = await server.signIn(boss);
    expect((await server.ask("GET", where, { as })).status).toBe(status);
    expect((await server.ask("DELETE", `${where}/x`, { as })).status).toBe(status);
    expect((await server.ask("DELETE", `${path}/x`, { as })).status).toBe(404);
  });

  test("of an admin of everything are not for an admin of one host", async () => {
    const id = await login(true);
    const as = await server.signIn(warden);
    expect((await server.ask("DELETE", `/api/v1/users/${boss}/clients/${id}`, { as })).status).toBe(403);
    expect((await server.ask("DELETE", `${path}/${id}`, { as })).status).toBe(200);
  });
});

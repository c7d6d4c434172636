import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { permissions } from "../../lib/contracts/permissions.ts";
import { RegistrationPolicy } from "../../lib/contracts/registration-policy.ts";
import { invitationsOf } from "../features/invitations.ts";
import { adminTestServer, type AdminTestServer, boss, user, warden } from "./testing.ts";

const api = "/api/v1";
let server: AdminTestServer;
let as: Record<string, string>;

beforeEach(async () => {
  server = await adminTestServer({
    policy(draft) {
      draft.registration = RegistrationPolicy.parse({ mode: "invite" });
      draft.hosts["b.example"]!.registration = RegistrationPolicy.parse({ mode: "closed" });
      draft.forward.targets = {};
      draft.forward.rules = [];
    },
  });
  invitationsOf(server.core).servePages((host) => `https://${host}:5280`);
  as = await server.signIn(boss);
});
afterEach(() => server.stop());

interface Told {
  readonly id: string;
  readonly token: string;
}
const create = (body: object, who = as) =>
  server.ask("POST", `${api}/invites`, { as: who, body: { host: "a.example", ...body } });
const made = async (body: object = {}): Promise<Told> => ((await create(body)).body["items"] as Told[])[0]!;
const reset = (jid: string, who = as) =>
  server.ask("POST", `${api}/users/${encodeURIComponent(jid)}/password/reset`, { as: who, body: {} });
const list = async (query = "", who = as) => (await server.ask("GET", `${api}/invites${query}`, { as: who })).body;
const audited = async () => (await server.stores.admin.auditList({}, { limit: 20 })).items;

describe("create", () => {
  test("tells the links once; what is kept opens nothing", async () => {
    const { status, body } = await create({ inviter: user, maxUses: 3, note: "for the team" });
    expect(status).toBe(200);
    const [invite] = body["items"] as Told[];
    const { id, token } = invite!;
    expect(invite).toMatchObject({
      kind: "account",
      host: "a.example",
      inviter: user,
      state: "open",
      maxUses: 3,
      uses: 0,
      createdBy: boss,
      uri: `xmpp:a.example?register;preauth=${token}`,
      url: `https://a.example:5280/invite/${token}`,
    });
    const kept = JSON.stringify([await list(), (await server.ask("GET", `${api}/invites/${id}`, { as })).body]);
    expect(kept).toContain(id);
    expect(kept).not.toContain(token);
    const [row] = await audited();
    expect(row).toMatchObject({ action: "invite.create", object: user, result: "done", actor: boss });
    expect(JSON.stringify(await audited())).not.toContain(token);
  });

  test("makes many at once", async () => {
    const { body } = await create({ count: 500 });
    const tokens = (body["items"] as Told[]).map(({ token }) => token);
    expect(new Set(tokens).size).toBe(500);
  });

  test("keeps a name for one invite", async () => {
    expect(await create({ local: "Juliet" })).toMatchObject({ status: 200, body: { items: [{ local: "juliet" }] } });
    expect(await create({ local: "juliet" })).toMatchObject({ status: 409, body: { code: "exists" } });
    expect(await create({ local: "user" })).toMatchObject({ status: 409, body: { code: "exists" } });
  });

  test("makes contact invites of an account, which register only where that is possible", async () => {
    expect(await create({ kind: "contact", inviter: user })).toMatchObject({
      body: { items: [{ kind: "contact", inviter: user, registers: true }] },
    });
    await server.core.policy.change({ author: "x", comment: "", audit: null }, (draft) => {
      draft.registration.mode = "closed";
    });
    expect(await create({ kind: "contact", inviter: user })).toMatchObject({ body: { items: [{ registers: false }] } });
  });

  test.each<[string, object, number, string]>([
    ["closed registration", { host: "b.example" }, 400, "host"],
    ["no such host", { host: "c.example" }, 404, ""],
    ["a bad name", { local: "a@b" }, 400, "local"],
    ["a name for several", { local: "juliet", maxUses: 2 }, 400, "local"],
    ["a name, several invites", { local: "juliet", count: 2 }, 400, "local"],
    ["no inviter", { kind: "contact" }, 400, "inviter"],
    ["an inviter that is not there", { inviter: "nobody@a.example" }, 404, ""],
    ["no time", { expireSeconds: 1 }, 400, "expireSeconds"],
  ])("refuses %s", async (_what, body, status, path) => {
    const answer = await create(body);
    expect(answer.status).toBe(status);
    if (path !== "") expect(answer.body["errors"]).toMatchObject([{ path }]);
    expect((await list())["items"]).toEqual([]);
  });
});

describe("list, show and revoke", () => {
  test("who redeemed it, and nobody any more", async () => {
    const { id } = await made({ maxUses: 2 });
    await server.stores.invites.use(id, "juliet@a.example", server.clock.now());
    const path = `${api}/invites/${id}`;
    expect((await server.ask("GET", path, { as })).body).toMatchObject({
      uses: 1,
      redeemed: [{ jid: "juliet@a.example" }],
    });
    expect(await server.ask("DELETE", path, { as })).toMatchObject({ status: 200 });
    expect(await server.ask("DELETE", path, { as })).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(await list("?state=open")).toMatchObject({ items: [] });
    expect(await list("?state=done")).toMatchObject({ items: [{ id, state: "revoked" }] });
    expect(await server.ask("DELETE", `${api}/invites/nothing`, { as })).toMatchObject({ status: 404 });
  });

  test("how far they got, on the hosts that one may see", async () => {
    const { id } = await made({ maxUses: 2 });
    await made();
    await server.stores.invites.use(id, user, server.clock.now());
    await server.stores.invites.use(id, "nobody@a.example", server.clock.now());
    const funnel = (query = "", who = as) => server.ask("GET", `${api}/invites/funnel${query}`, { as: who });
    expect((await funnel()).body).toEqual({ made: 2, opened: 1, registered: 2, loggedIn: 0 });
    await server.stores.accounts.setLastActivity("a.example", "user", server.clock.now(), "");
    expect((await funnel("?host=a.example")).body).toMatchObject({ registered: 2, loggedIn: 1 });
    expect((await funnel("?host=b.example")).body).toEqual({ made: 0, opened: 0, registered: 0, loggedIn: 0 });
    const { body } = await server.ask("GET", `${api}/invites/${id}`, { as });
    expect(body["redeemed"]).toMatchObject([
      { jid: user, hasLoggedIn: true },
      { jid: "nobody@a.example", hasLoggedIn: false },
    ]);
    const held = await server.signIn(warden);
    expect((await funnel("", held)).body).toMatchObject({ made: 2 });
    expect((await funnel("?host=b.example", held)).status).toBe(403);
  });

  test("tells viewers", async () => {
    const told: string[] = [];
    server.api.events.subscribe(({ resource, by }) => void told.push(`${resource} ${by}`));
    await made();
    expect(told).toEqual([`invites ${boss}`]);
  });
});

describe("an admin of one host", () => {
  test("has the invites of that host only", async () => {
    await server.core.policy.change({ author: "x", comment: "", audit: null }, (draft) => {
      draft.hosts["b.example"]!.registration = null;
    });
    const { id } = await made({ host: "b.example" });
    const own = await made();
    const held = await server.signIn(warden);
    expect(await list("", held)).toMatchObject({ items: [{ id: own.id }] });
    expect((await list("", held))["items"]).toHaveLength(1);
    for (const [method, path, body] of [
      ["GET", `${api}/invites/${id}`, undefined],
      ["DELETE", `${api}/invites/${id}`, undefined],
      ["POST", `${api}/invites`, { host: "b.example" }],
    ] as const) {
      expect(await server.ask(method, path, { as: held, body })).toMatchObject({
        status: 403,
        body: { code: "forbidden" },
      });
    }
    expect((await server.ask("DELETE", `${api}/invites/${own.id}`, { as: held })).status).toBe(200);
  });

  test("takes over no admin of the whole server by a reset", async () => {
    const held = await server.signIn(warden);
    expect(await reset(user, held)).toMatchObject({ status: 200 });
    expect((await reset(boss, held)).status).toBe(403);
  });
});

describe("a password reset", () => {
  test("is a link for a day, in place of the one before", async () => {
    const first = await reset(user);
    expect(first.body).toMatchObject({ kind: "reset", local: "user", uri: null, state: "open", maxUses: 1 });
    expect(first.body["url"]).toBe(`https://a.example:5280/reset/${String(first.body["token"])}`);
    expect(Date.parse(String(first.body["expiresAt"])) - server.clock.now()).toBe(86_400_000);
    await reset(user);
    expect(await list("?kind=reset&state=open")).toMatchObject({ items: [{ local: "user" }] });
    expect((await list("?kind=reset"))["items"]).toHaveLength(2);
    const [row] = await audited();
    expect(row).toMatchObject({ action: "user.reset-password", object: user });
    expect(row!.detail).not.toContain(String(first.body["token"]));
  });

  test("needs an account, and the right to change users", async () => {
    expect((await reset("nobody@a.example")).status).toBe(404);
    const reader = await server.key(permissions.filter((one) => one !== "users:write"));
    expect(await reset(user, reader)).toMatchObject({ status: 403, body: { permission: "users:write" } });
  });
});

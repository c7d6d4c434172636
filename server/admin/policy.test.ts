import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseLine } from "../../lib/contracts/policy-text.ts";
import type { Policy } from "../../lib/contracts/policy.ts";
import type { Stores } from "../storage/ports.ts";
import { adminTestServer, boss, user, warden, type AdminTestServer } from "./testing.ts";

let server: AdminTestServer;
let as: Record<string, string>;
beforeEach(async () => {
  server = await adminTestServer();
  as = await server.signIn(boss);
});
afterEach(() => server.stop());

const api = "/api/v1/policy";
function draftOf(edit: (draft: Policy) => void): Policy {
  const draft = structuredClone(server.core.policy.document);
  edit(draft);
  return draft;
}
const check = async (policy: unknown, impact = true, asker = as): Promise<Record<string, unknown>> => {
  const { status, body } = await server.ask("POST", `${api}/check`, { as: asker, body: { policy, impact } });
  expect(status).toBe(200);
  return body;
};

/** Accounts `u0` to `u<count - 1>` of a.example, as far as the survey of accounts can see. */
function crowd(stores: Stores, count: number): void {
  const names = Array.from({ length: count }, (_, index) => `u${String(index).padStart(7, "0")}`);
  stores.accounts.count = () => Promise.resolve(count);
  stores.accounts.names = (host, after, limit) => {
    if (host !== "a.example") return Promise.resolve([]);
    const from = after === "" ? 0 : Number(after.slice(1)) + 1;
    return Promise.resolve(names.slice(from, from + limit));
  };
}

describe("the impact of a draft", () => {
  const close = (draft: Policy): void => void (draft.accessRules["c2s"] = [parseLine(`allow user ${boss}`)]);

  test("tells by rule who gains and who loses, over all accounts and sessions", async () => {
    await server.connect(`${user}/phone`);
    const body = await check(draftOf(close));
    expect(body["impact"]).toEqual({
      accounts: { total: 3, checked: 3 },
      sessions: 1,
      rules: [
        {
          rule: "c2s",
          gain: { count: 0, samples: [] },
          lose: { count: 2, samples: [user, warden].toSorted() },
          online: { gain: { count: 0, samples: [] }, lose: { count: 1, samples: [`${user}/phone`] } },
        },
      ],
    });
  });

  test("is not asked for while somebody types, nor for what is no policy", async () => {
    expect(await check(draftOf(close), false)).toMatchObject({ impact: null });
    expect(await check({ hosts: {} })).toMatchObject({ impact: null });
  });

  test("names nobody to who may not list accounts", async () => {
    const key = await server.key(["policy:read"]);
    const body = await check(draftOf(close), true, key);
    expect(body["impact"]).toMatchObject({ rules: [{ lose: { count: 2, samples: [] } }] });
  });

  test.each([
    [100_000, 100_000],
    [250_000, 83_334],
  ])("of %d accounts asks about %d", async (total, checked) => {
    crowd(server.stores, total);
    const began = performance.now();
    const body = await check(
      draftOf((draft) => void draft.accessRules["c2s"]!.unshift(parseLine("deny user_glob u*"))),
    );
    expect(performance.now() - began).toBeLessThan(10_000);
    const { accounts, rules } = body["impact"] as {
      accounts: { total: number; checked: number };
      rules: { lose: { count: number } }[];
    };
    expect(accounts.total).toBe(total);
    // A machine that is too slow for all of them says so.
    expect(accounts.checked).toBeLessThanOrEqual(checked);
    expect(rules[0]?.lose.count).toBe(accounts.checked);
  });
});

describe("a draft that locks out the one who asks", () => {
  const lose = (draft: Policy): void => void (draft.accessRules["configure"] = [parseLine("allow user x@a.example")]);

  test("is told so, and stopped by the server, unless it is forced", async () => {
    const policy = draftOf(lose);
    const stop = { severity: "error", code: "locks-out-admin", path: "accessRules.configure" };
    expect(await check(policy, false)).toMatchObject({
      issues: expect.arrayContaining([expect.objectContaining(stop)]),
    });
    const refused = await server.ask("PUT", api, { as, body: { policy } });
    expect(refused).toMatchObject({ status: 409, body: { code: "locks-out-admin" } });
    const forced = await server.ask("PUT", api, { as, body: { policy, force: true } });
    expect(forced).toMatchObject({ status: 200 });
  });
});

describe("tests of the policy", () => {
  const kept = { name: "user logs in", rule: "c2s", jid: user, expected: "allow" } as const;

  test("are kept, asked, and refuse what would break them", async () => {
    const policy = draftOf((draft) => void (draft.tests = [kept]));
    expect((await server.ask("PUT", api, { as, body: { policy } })).status).toBe(200);
    const inForce = await server.ask("POST", `${api}/test`, { as, body: {} });
    expect(inForce.body).toMatchObject({ items: [{ test: kept, passed: true, verdict: { allowed: true } }] });

    const closed = draftOf((draft) => void (draft.accessRules["c2s"] = [parseLine("deny all")]));
    const draft = await server.ask("POST", `${api}/test`, { as, body: { draft: closed } });
    expect(draft.body).toMatchObject({ items: [{ passed: false, verdict: { allowed: false, line: 0 } }] });
    const refused = await server.ask("PUT", api, { as, body: { policy: closed } });
    expect(refused).toMatchObject({ status: 422, body: { code: "policy-invalid" } });
    const one = { lines: [{ deny: ["all"] }] };
    expect(await server.ask("PUT", "/api/v1/access/c2s", { as, body: one })).toMatchObject({ status: 422 });
    const forced = await server.ask("PUT", "/api/v1/access/c2s", { as, body: { ...one, force: true } });
    expect(forced).toMatchObject({ status: 200, body: { issues: [{ severity: "warning", code: "failed-test" }] } });
  });
});

test("more than 500 tests are no policy", async () => {
  const kept = { name: "t", rule: "c2s", jid: user, expected: "allow" } as const;
  const policy = draftOf((draft) => void (draft.tests = Array.from({ length: 501 }, () => kept)));
  expect(await server.ask("PUT", api, { as, body: { policy } })).toMatchObject({ status: 400 });
});

describe("how many a condition matches", () => {
  test.each<[string, unknown, Record<string, number>]>([
    ["everybody", "all", { matched: 3, online: 1 }],
    ["one of them", { user: user }, { matched: 1, online: 1 }],
    ["a name on any host", { user: "boss" }, { matched: 1, online: 0 }],
    ["an ACL", { acl: "admin" }, { matched: 1, online: 0 }],
    ["an address, which accounts have none of", { ip: ["0.0.0.0/0", "::/0"] }, { matched: 0, online: 1 }],
    ["an ACL that is not there", { acl: "nowhere" }, { matched: 0, online: 0 }],
  ])("%s", async (_, condition, expected) => {
    await server.connect(`${user}/phone`);
    const { body } = await server.ask("POST", `${api}/count`, { as, body: { condition } });
    expect(body).toEqual({ checked: 3, total: 3, ...expected });
  });

  test("what cannot be read is refused", async () => {
    const answer = await server.ask("POST", `${api}/count`, { as, body: { condition: { user_regexp: "[" } } });
    expect(answer).toMatchObject({ status: 400, body: { code: "bad-input" } });
  });

  test("an ACL as a draft has it", async () => {
    const draft = draftOf((one) => void (one.acl["admin"] = [{ user: "boss" }, { user: "user" }]));
    const { body } = await server.ask("POST", `${api}/count`, { as, body: { condition: { acl: "admin" }, draft } });
    expect(body).toMatchObject({ matched: 2 });
  });
});

describe("the text of the rules", () => {
  const now = () => server.core.policy.document.accessText;
  const apply = async (accessText: string[] | undefined): Promise<number> => {
    const policy = draftOf((draft) => {
      delete draft.accessText;
      if (accessText !== undefined) draft.accessText = accessText;
    });
    const baseRevision = server.core.policy.revision.id;
    const { status, body } = await server.ask("PUT", api, { as, body: { policy, baseRevision } });
    expect(status).toBe(200);
    return (body["revision"] as { id: number }).id;
  };
  const rollback = (id: number) => server.ask("POST", `${api}/revisions/${id}/rollback`, { as });

  test("is a part of revisions: it changes line by line, comes back with one and goes with one", async () => {
    const without = server.core.policy.revision.id;
    const first = await apply(["# why", "acl: {}"]);
    const second = await apply(["# therefore", "acl: {}"]);
    const { body } = await server.ask("GET", `${api}/revisions/${second}`, { as });
    expect(body["changes"]).toEqual([{ path: "accessText[0]", before: "# why", after: "# therefore" }]);
    await rollback(first);
    expect(now()).toEqual(["# why", "acl: {}"]);
    await rollback(without);
    expect(now()).toBeUndefined();
    await rollback(second);
    await apply(undefined);
    expect(now()).toBeUndefined();
  });

  test("decides nothing", async () => {
    await apply(["acl: { admin: [ { user: mallory@a.example } ] }"]);
    expect(server.core.policy.document.acl["admin"]).not.toContainEqual({ user: "mallory@a.example" });
  });
});

import { beforeEach, describe, expect, test } from "vitest";
import { parseLine } from "../../../lib/contracts/policy-text.ts";
import { HostPolicy, type Policy } from "../../../lib/contracts/policy.ts";
import { openMemory } from "../../storage/memory.ts";
import type { NewAuditRow, Stores } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";
import { manualClock } from "../clock.ts";
import { silentLog } from "../log.ts";
import { PolicyError } from "./errors.ts";
import { moduleSetting } from "./module-setting.ts";
import { type PolicyAuthor, PolicyState } from "./state.ts";

const clock = manualClock();
const audit: NewAuditRow = {
  at: clock.now(),
  actor: "root@bix.org",
  address: "127.0.0.1",
  action: "policy.apply",
  object: "policy",
  result: "done",
  detail: null,
  requestId: "r1",
  means: null,
};
const by = (author: string, more: Partial<PolicyAuthor> = {}): PolicyAuthor => ({
  author,
  comment: "",
  audit: null,
  ...more,
});
const root = Jid.parse("root@bix.org");

let stores: Stores;
let state: PolicyState;
const setUp = (draft: Policy): void => {
  draft.hosts["bix.org"] = HostPolicy.parse({});
  draft.acl["admin"] = [{ user: "root@bix.org" }];
};

beforeEach(async () => {
  stores = openMemory({ now: clock.now });
  state = await PolicyState.open(stores, clock, silentLog);
});

describe("opening", () => {
  test("an empty store gets the default document as revision 1, once", async () => {
    expect(state.revision).toMatchObject({ id: 1, author: "nightpost" });
    expect((await PolicyState.open(stores, clock, silentLog)).revision.id).toBe(1);
  });

  test("a restart finds what was applied", async () => {
    await state.change(by("setup"), setUp);
    const again = await PolicyState.open(stores, clock, silentLog);
    expect(again.document).toEqual(state.document);
    expect(again.revision).toEqual(state.revision);
  });
});

describe("a document of 0.1", () => {
  const old = (document: Policy): object => {
    const target = { url: "https://example.org/x", preset: "classic", jid: "full", headers: {} };
    const rule = { name: "all", enabled: true, hosts: [], types: ["chat", "normal"], targets: ["app"] };
    return { ...document, forward: { targets: { app: target }, rules: [rule] } };
  };
  const understood = { name: "all", classes: ["chat", "normal"], targets: ["app"], expression: "" };

  test("is read from the store", async () => {
    await stores.policies.commit({
      base: state.revision.id,
      at: clock.now(),
      author: "root@bix.org",
      comment: "",
      remark: null,
      rollbackOf: null,
      document: JSON.stringify(old(state.document)),
      audit: null,
    });
    const again = await PolicyState.open(stores, clock, silentLog);
    expect(again.document.forward.rules).toMatchObject([understood]);
    expect(again.document.forward.targets["app"]).toMatchObject({ kind: "webhook", maxWaiting: 1_000_000 });
    expect(again.issues()).toEqual([]);
  });

  test("is checked and applied as an import", async () => {
    expect(state.check(old(state.document)).policy?.forward.rules).toMatchObject([understood]);
    await state.change(by("root@bix.org"), (draft) => old(draft) as Policy);
    expect(state.document.forward.rules).toMatchObject([understood]);
  });
});

describe("changes", () => {
  test("are applied at once and told to the listeners", async () => {
    const told: unknown[] = [];
    const stop = state.onChange((now, before, author) =>
      told.push([Object.keys(now.hosts), Object.keys(before.hosts), author]),
    );
    const outcome = await state.change(by("setup", { comment: "first", audit }), setUp);
    expect(outcome.revision).toMatchObject({ id: 2, author: "setup", comment: "first", rollbackOf: null });
    expect(outcome.changes.map((change) => change.path)).toEqual(['hosts["bix.org"]', "acl.admin[0]"]);
    expect(told).toEqual([[["bix.org"], [], "setup"]]);
    expect(state.allows("configure", { jid: root, ip: null, host: "" })).toBe(true);
    expect((await stores.admin.auditList({}, { limit: 10 })).items).toHaveLength(1);
    stop();
    await state.change(
      by("setup"),
      (draft) => void (draft.acl["admin"] = [...draft.acl["admin"]!, { user: "b@bix.org" }]),
    );
    expect(told).toHaveLength(1);
  });

  test("of nothing make no revision, but are audited", async () => {
    const outcome = await state.change(by("setup", { audit }), () => undefined);
    expect(outcome).toMatchObject({ revision: { id: 1 }, changes: [] });
    expect((await stores.admin.auditList({}, { limit: 10 })).items).toHaveLength(1);
  });

  test("asked for at the same time are made one after the other", async () => {
    const names = ["a", "b", "c", "d"];
    await Promise.all(names.map((name) => state.change(by("x"), (draft) => void (draft.acl[name] = []))));
    expect(state.revision.id).toBe(5);
    expect(Object.keys(state.document.acl)).toEqual(expect.arrayContaining(names));
  });

  test("of another node are read and built upon", async () => {
    const other = await PolicyState.open(stores, clock, silentLog);
    await other.change(by("x"), (draft) => void (draft.acl["theirs"] = []));
    await state.change(by("y"), (draft) => void (draft.acl["ours"] = []));
    expect(Object.keys(state.document.acl)).toEqual(expect.arrayContaining(["theirs", "ours"]));
  });

  test("made from an old revision are a conflict", async () => {
    await state.change(by("x"), setUp);
    await expect(state.change(by("x", { base: 1 }), () => undefined)).rejects.toMatchObject({ code: "conflict" });
    await expect(state.change(by("x", { base: 2 }), (draft) => void (draft.acl["y"] = []))).resolves.toBeDefined();
  });

  test("with errors are refused and change nothing", async () => {
    const edit = (draft: Policy): void => void (draft.accessRules["c2s"] = [parseLine("allow acl adnim")]);
    const refused: PolicyError = await state.change(by("x"), edit).then(
      () => expect.fail("was taken"),
      (error) => error,
    );
    expect(refused).toBeInstanceOf(PolicyError);
    expect(refused.code).toBe("invalid");
    expect(refused.issues).toContainEqual(expect.objectContaining({ code: "unknown-name", suggestion: "admin" }));
    expect(state.revision.id).toBe(1);
    expect(state.allows("c2s", { jid: root, ip: null, host: "" })).toBe(true);
  });

  test("are not refused for errors that were there before", async () => {
    await state.change(by("x"), (draft) => void (draft.modules["gone"] = { enabled: true, options: {} }));
    state.setOptionCheck((name) => [
      {
        severity: "error",
        code: "unknown-name",
        path: `modules.${name}`,
        message: `There is no module ${name}.`,
        suggestion: null,
      },
    ]);
    await expect(state.change(by("x"), setUp)).resolves.toBeDefined();
    const add = (draft: Policy): void => void (draft.modules["new"] = { enabled: true, options: {} });
    await expect(state.change(by("x"), add)).rejects.toMatchObject({ code: "invalid" });
  });

  test("store the first account with the revision", async () => {
    const account = {
      host: "bix.org",
      local: "root",
      credentials: { kind: "sealed", sealed: "x" },
      createdAt: 0,
      createdVia: "setup",
      createdFrom: null,
    } as const;
    await state.change(by("setup", { account }), setUp);
    expect(await stores.accounts.exists("bix.org", "root")).toBe(true);
  });
});

describe("locking people out", () => {
  beforeEach(async () => {
    await state.change(by("setup"), (draft) => {
      setUp(draft);
      draft.acl["admin"]!.push({ user: "second@bix.org" });
    });
  });

  test.each<[string, string, (draft: Policy) => void, boolean]>([
    ["the author", "root@bix.org", (draft) => void (draft.acl["admin"] = [{ user: "second@bix.org" }]), false],
    ["somebody else", "second@bix.org", (draft) => void (draft.acl["admin"] = [{ user: "second@bix.org" }]), true],
    ["everybody, from the command line", "local", (draft) => void (draft.acl["admin"] = []), false],
    ["by a rule", "root@bix.org", (draft) => void (draft.accessRules["configure"] = []), false],
    [
      "by address",
      "root@bix.org",
      (draft) => void (draft.accessRules["configure"] = [parseLine("allow acl admin and ip 10.0.0.0/8")]),
      false,
    ],
    ["by removing the host", "root@bix.org", (draft) => void delete draft.hosts["bix.org"], false],
    [
      "nobody",
      "root@bix.org",
      (draft) => void (draft.accessRules["configure"] = [parseLine("allow acl admin and acl loopback")]),
      true,
    ],
  ])("%s (author %s)", async (_, author, edit, isTaken) => {
    const change = state.change(by(author, { audit }), edit);
    if (isTaken) await expect(change).resolves.toBeDefined();
    else
      await expect(change).rejects.toMatchObject({
        code: "locks-out",
        issues: [expect.objectContaining({ code: "locks-out-admin" })],
      });
  });

  test("can be forced", async () => {
    const outcome = await state.change(by("root@bix.org", { force: true }), (draft) => void (draft.acl["admin"] = []));
    expect(outcome.issues).toContainEqual(expect.objectContaining({ severity: "warning", code: "locks-out-admin" }));
    expect(state.hasAdmin()).toBe(false);
  });

  test("before there was an admin, nobody is locked out", async () => {
    const fresh = await PolicyState.open(openMemory(), clock, silentLog);
    expect(fresh.hasAdmin()).toBe(false);
    await expect(
      fresh.change(by("local"), (draft) => void (draft.accessRules["configure"] = [])),
    ).resolves.toBeDefined();
  });
});

describe("checking", () => {
  test("a value that has not the shape", () => {
    expect(state.check({ hosts: 1 })).toMatchObject({
      policy: null,
      issues: expect.arrayContaining([expect.objectContaining({ code: "bad-value", path: "hosts" })]),
    });
    expect(state.check(null).policy).toBeNull();
  });

  test("a draft is compared with the document in force and explained without being applied", () => {
    const draft = structuredClone(state.document);
    draft.accessRules["c2s"] = [parseLine("deny all")];
    const { policy, changes } = state.check(draft);
    expect(changes.map((change) => change.path)).toEqual(["accessRules.c2s[0]"]);
    const subject = { jid: root, ip: null, host: "" };
    expect(state.explain("c2s", subject, policy!)).toMatchObject({ allowed: false, line: 0 });
    expect(state.explain("c2s", subject).allowed).toBe(true);
  });
});

test("settings that a host has not come from the defaults", async () => {
  await state.change(by("x"), (draft) => {
    setUp(draft);
    draft.modules["ping"] = { enabled: false, options: { a: 1 } };
    draft.hosts["bix.org"]!.modules["ping"] = { enabled: true, options: {} };
  });
  expect(moduleSetting(state.document, "bix.org", "ping")).toEqual({ enabled: true, options: {} });
  expect(moduleSetting(state.document, "other.org", "ping")).toEqual({ enabled: false, options: { a: 1 } });
  expect(moduleSetting(state.document, "bix.org", "constructor")).toBeUndefined();
  expect(state.registration("bix.org").mode).toBe("closed");
});

describe("tests that are kept with the policy", () => {
  const kept = { name: "ann logs in", rule: "c2s", jid: "ann@bix.org", expected: "allow" } as const;
  const close = (draft: Policy): void => void (draft.accessRules["c2s"] = [parseLine("deny user ann@bix.org")]);
  const failed = [expect.objectContaining({ severity: "error", code: "failed-test", path: "tests[0]" })];

  beforeEach(async () => {
    await state.change(by("setup"), (draft) => {
      setUp(draft);
      draft.tests = [kept];
    });
  });

  test("refuse a change that makes one of them fail, and nothing is changed", async () => {
    const { id } = state.revision;
    await expect(state.change(by("root@bix.org"), close)).rejects.toMatchObject({
      code: "invalid",
      message: "tests[0]: The test ann logs in fails: ann@bix.org would be denied (c2s[0]: deny user ann@bix.org).",
      issues: failed,
    });
    expect(state.revision.id).toBe(id);
  });

  test("refuse one that fails from the start", async () => {
    const add = (draft: Policy): void => void draft.tests.push({ ...kept, expected: "deny" });
    await expect(state.change(by("root@bix.org"), add)).rejects.toThrow("would be allowed");
  });

  test("are overruled by force, and then stop no change of something else", async () => {
    const forced = await state.change(by("root@bix.org", { force: true }), close);
    expect(forced.issues).toEqual([expect.objectContaining({ severity: "warning", code: "failed-test" })]);
    const next = await state.change(by("forward"), (draft) => void (draft.acl["local"] = ["all"]));
    expect(next.revision.id).toBe(forced.revision.id + 1);
    expect(state.issues()).toContainEqual(expect.objectContaining({ severity: "warning", code: "failed-test" }));
  });

  test("never close the way back to an earlier revision", async () => {
    const outcome = await state.change(by("root@bix.org", { rollbackOf: 1 }), close);
    expect(outcome.issues).toContainEqual(expect.objectContaining({ severity: "warning", code: "failed-test" }));
  });

  test.each([
    ["from an address", { ip: "203.0.113.9", rule: "by_ip" }, false],
    ["from another address", { ip: "192.0.2.1", rule: "by_ip" }, true],
    ["on a host with rules of its own", { host: "own.org", rule: "c2s" }, false],
    ["of a rule that is not there", { rule: "none" }, false],
  ])("ask %s", (_, more, allowed) => {
    const draft = structuredClone(state.document);
    draft.accessRules["by_ip"] = [parseLine("deny ip 203.0.113.0/24"), parseLine("allow all")];
    draft.hosts["own.org"] = HostPolicy.parse({ accessRules: { c2s: { inherit: "replace", lines: [] } } });
    draft.tests = [{ ...kept, ...more }];
    expect(state.test(draft)).toMatchObject([{ passed: allowed, verdict: { allowed } }]);
  });

  test("are none in a document of an earlier version", () => {
    const { tests: _, ...old } = state.document;
    expect(state.check(old).policy?.tests).toEqual([]);
  });
});

describe("who would be locked out", () => {
  const lose = (): Policy => {
    const draft = structuredClone(state.document);
    draft.accessRules["configure"] = [parseLine("allow user ann@bix.org")];
    return draft;
  };
  beforeEach(() => state.change(by("setup"), setUp));

  test.each([
    ["the one who asks", { author: "root@bix.org", address: "192.0.2.1" }, true],
    ["nobody, when somebody asks who has no role anyway", { author: "eve@bix.org", address: "192.0.2.1" }, false],
    ["nobody, when nobody asks", null, false],
  ])("is said when a draft is checked: %s", (_, asker, isError) => {
    const found = state.check(lose(), asker).issues.filter((issue) => issue.code === "locks-out-admin");
    expect(found).toEqual(
      isError ? [expect.objectContaining({ severity: "error", path: "accessRules.configure" })] : [],
    );
  });

  test("is everybody when the last line that lets an admin in goes", () => {
    const draft = structuredClone(state.document);
    draft.accessRules["configure"] = [];
    const found = state.check(draft, { author: "key 1", address: "local" }).issues;
    expect(found).toContainEqual(expect.objectContaining({ severity: "error", code: "locks-out-admin" }));
  });
});

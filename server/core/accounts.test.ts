import { beforeEach, describe, expect, test } from "vitest";
import { HostPolicy } from "../../lib/contracts/policy.ts";
import { openMemory } from "../storage/memory.ts";
import type { Stores } from "../storage/ports.ts";
import { Jid } from "../xmpp/jid.ts";
import { AccountService } from "./accounts.ts";
import { manualClock } from "./clock.ts";
import { Host } from "./host.ts";
import { Hosts } from "./hosts.ts";
import { silentLog } from "./log.ts";
import { PolicyState } from "./policy/state.ts";
import { Secrets } from "./secrets.ts";
import { Session, type StreamLink } from "./session.ts";
import { Sessions } from "./sessions.ts";

const romeo = Jid.parse("romeo@bix.org");
const nobody = Jid.parse("nobody@bix.org");

let stores: Stores;
let accounts: AccountService;
let sessions: Sessions;
let host: Host;
const secrets = Secrets.ephemeral();
const clock = manualClock();
const log = silentLog;

async function service(): Promise<AccountService> {
  const policy = await PolicyState.open(stores, clock, log);
  if (policy.document.hosts["bix.org"] === undefined)
    await policy.change(
      { author: "x", comment: "", audit: null },
      (draft) => void (draft.hosts["bix.org"] = HostPolicy.parse({})),
    );
  const hosts = new Hosts();
  host = new Host("bix.org", log);
  hosts.add(host);
  sessions = new Sessions();
  return new AccountService({ stores, policy, secrets, hosts, sessions, log, clock });
}

function connect(user: Jid): { session: Session; ended: () => string | undefined } {
  let condition: string | undefined;
  const link: StreamLink = {
    address: "127.0.0.1",
    port: 1,
    transport: "tcp",
    isSecure: false,
    tls: null,
    unsent: 0,
    traffic: { bytesIn: 0, bytesOut: 0 },
    write() {},
    close: (error) => void (condition = error?.condition ?? "closed"),
    fail() {},
    pauseReading() {},
    resumeReading() {},
  };
  const session = new Session({ jid: user.withResource("r"), host, link, mechanism: "PLAIN", now: 0, accept() {} });
  sessions.add(session);
  return { session, ended: () => condition };
}

beforeEach(async () => {
  stores = openMemory({ now: clock.now });
  accounts = await service();
});

describe("creating", () => {
  test("once, and the modules are told", async () => {
    const told: unknown[] = [];
    host.hooks.add("test", "account/created", (event) => void told.push({ ...event }));
    expect(await accounts.create({ user: romeo, password: "secret12", via: "cli" })).toBe("created");
    expect(await accounts.create({ user: romeo, password: "other", via: "cli" })).toBe("exists");
    expect(told).toEqual([{ user: romeo, via: "cli", address: null }]);
    expect(await accounts.verify(romeo, "secret12")).toBe("ok");
  });

  test.each([
    ["no-such-host", "romeo@elsewhere.org", "secret12"],
    ["bad-name", "bix.org", "secret12"],
    ["bad-name", "romeo@bix.org/r", "secret12"],
    ["bad-password", "romeo@bix.org", ""],
    ["bad-password", "romeo@bix.org", "a\u0000b"],
    ["bad-password", "romeo@bix.org", "x".repeat(2000)],
  ])("%s: %s", async (code, user, password) => {
    await expect(accounts.create({ user: Jid.parse(user), password, via: "cli" })).rejects.toMatchObject({ code });
  });

  test("no password is in the store", async () => {
    await accounts.create({ user: romeo, password: "secret12", via: "cli" });
    const login = await stores.accounts.login("bix.org", "romeo");
    expect(login?.credentials.kind).toBe("scram");
    expect(JSON.stringify(login)).not.toContain("secret12");
  });
});

describe("checking a password", () => {
  beforeEach(() => accounts.create({ user: romeo, password: "secret12", via: "cli" }));

  test("wrong, unknown, unusable", async () => {
    expect(await accounts.verify(romeo, "secret13")).toBe("wrong");
    expect(await accounts.verify(nobody, "secret12")).toBe("wrong");
    expect(await accounts.verify(romeo, "")).toBe("wrong");
  });

  test("a suspended account is told apart only by the right password", async () => {
    await accounts.suspend(romeo, { reason: "", at: 0, until: clock.now() + 1000, by: "x" });
    expect(await accounts.verify(romeo, "secret12")).toBe("suspended");
    expect(await accounts.verify(romeo, "secret13")).toBe("wrong");
    clock.advance(1000);
    expect(await accounts.verify(romeo, "secret12")).toBe("ok");
  });

  test("SCRAM keys of unknown names are stable and marked", async () => {
    expect((await accounts.scram(romeo, "SCRAM-SHA-1")).isReal).toBe(true);
    const decoy = await accounts.scram(nobody, "SCRAM-SHA-1");
    expect(decoy.isReal).toBe(false);
    expect(await accounts.scram(nobody, "SCRAM-SHA-1")).toEqual(decoy);
  });
});

describe("changing an account ends its sessions", () => {
  beforeEach(() => accounts.create({ user: romeo, password: "secret12", via: "cli" }));

  test("a new password: reset, except for those that are kept", async () => {
    const [one, two] = [connect(romeo), connect(romeo)];
    expect(await accounts.changePassword(romeo, "secret34", one.session)).toBe(true);
    expect([one.ended(), two.ended()]).toEqual([undefined, "reset"]);
    expect(await accounts.verify(romeo, "secret12")).toBe("wrong");
    expect(await accounts.verify(romeo, "secret34")).toBe("ok");
    expect(await accounts.changePassword(nobody, "secret34")).toBe(false);
  });

  test("a suspension: not-authorized; lifting one: nothing", async () => {
    const client = connect(romeo);
    await accounts.suspend(romeo, null);
    expect(client.ended()).toBeUndefined();
    expect(await accounts.suspend(romeo, { reason: "", at: 0, until: null, by: "x" })).toBe(true);
    expect(client.ended()).toBe("not-authorized");
  });

  test("removal: not-authorized, and the modules are told", async () => {
    const client = connect(romeo);
    const told: string[] = [];
    host.hooks.add("test", "account/removed", ({ user }) => void told.push(user.bare));
    expect(await accounts.remove(romeo)).toBe(true);
    expect(client.ended()).toBe("not-authorized");
    expect(told).toEqual(["romeo@bix.org"]);
    expect(await accounts.remove(romeo)).toBe(false);
  });
});

describe("importing", () => {
  const people = (count: number, password = "secret") =>
    Array.from({ length: count }, (_, index) => ({
      user: Jid.of(`user${index}`, "bix.org"),
      password: `${password}${index}`,
    }));
  const kindOf = async (user: Jid) => (await stores.accounts.login(user.domain, user.local))?.credentials.kind;
  const derived = async (count: number): Promise<void> => {
    await expect.poll(() => stores.accounts.sealed(count), { timeout: 10_000 }).toEqual([]);
  };

  test("can be run again, and says what it did", async () => {
    const bad = [
      { user: Jid.parse("a@elsewhere.org"), password: "x" },
      { user: Jid.parse("b@bix.org"), password: "" },
    ];
    const first = await accounts.importBatch([...people(3), ...bad], "skip");
    expect(first).toMatchObject({ created: 3, skipped: 0, failed: [{ jid: "a@elsewhere.org" }, { jid: "b@bix.org" }] });
    expect(await accounts.importBatch(people(5), "skip")).toMatchObject({ created: 2, skipped: 3 });
    expect(await accounts.verify(Jid.parse("user4@bix.org"), "secret4")).toBe("ok");
    expect(await accounts.verify(Jid.parse("user4@bix.org"), "secret5")).toBe("wrong");
  });

  test("keys are derived in the background until no password is left sealed", async () => {
    await accounts.importBatch(people(8), "skip");
    await derived(8);
    expect(await accounts.verify(Jid.parse("user7@bix.org"), "secret7")).toBe("ok");
  });

  test("a password that many accounts of a batch begin with needs no sealing", async () => {
    await accounts.stop();
    const class7b = people(20).map(({ user }) => ({ user, password: "an initial password" }));
    const alone = { user: Jid.parse("alone@bix.org"), password: "of her own" };
    await accounts.importBatch([...class7b, alone], "skip");
    expect(await kindOf(class7b[13]!.user)).toBe("scram");
    expect(await accounts.verify(class7b[13]!.user, "an initial password")).toBe("ok");
    expect(await accounts.verify(class7b[13]!.user, "of her own")).toBe("wrong");
    expect(await kindOf(alone.user)).toBe("sealed");
  });

  test("the first login does not wait for its turn, and a restart goes on with the rest", async () => {
    await accounts.stop();
    await accounts.importBatch(people(3), "skip");
    const [first, second] = people(3);
    expect(await accounts.verify(first!.user, "wrong")).toBe("wrong");
    expect(await kindOf(first!.user)).toBe("sealed");
    expect(await accounts.verify(first!.user, first!.password)).toBe("ok");
    expect(await kindOf(first!.user)).toBe("scram");
    expect((await accounts.scram(second!.user, "SCRAM-SHA-256")).isReal).toBe(true);
    expect(await kindOf(second!.user)).toBe("scram");
    const restarted = await service();
    restarted.start();
    await derived(3);
  });

  test("keys of the imported password never replace those of a newer one", async () => {
    await accounts.stop();
    const [one] = people(1);
    await accounts.importBatch([one!], "skip");
    const login = accounts.verify(one!.user, one!.password);
    const change = accounts.changePassword(one!.user, "newer password");
    const update = accounts.importBatch([{ user: one!.user, password: "newest" }], "update");
    await Promise.all([login, change, update]);
    const outcomes = await Promise.all(
      ["newer password", "newest", one!.password].map((p) => accounts.verify(one!.user, p)),
    );
    expect(outcomes.filter((outcome) => outcome === "ok")).toHaveLength(1);
    expect(outcomes[2]).toBe("wrong");
  });

  test("an update ends the sessions of the accounts", async () => {
    await accounts.importBatch(people(1), "skip");
    const client = connect(people(1)[0]!.user);
    await accounts.importBatch(people(1, "other"), "skip");
    expect(client.ended()).toBeUndefined();
    expect(await accounts.importBatch(people(1, "other"), "update")).toMatchObject({ updated: 1 });
    expect(client.ended()).toBe("reset");
  });
});

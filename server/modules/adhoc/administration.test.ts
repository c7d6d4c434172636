import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { adminTestServer, type AdminTestServer, boss, user, warden } from "../../admin/testing.ts";
import type { TestClient } from "../../core/testing.ts";
import { announcementsOf } from "../../features/announcements/announcements.ts";
import type { Element } from "../../xmpp/element.ts";
import { buildForm, parseForm } from "../../xmpp/forms.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { announce } from "../announce/module.ts";
import { disco } from "../disco/module.ts";
import { message } from "../message/module.ts";
import { offline } from "../offline/module.ts";
import { presence } from "../presence/module.ts";
import { roster } from "../roster/module.ts";
import { administration } from "./administration.ts";
import { adhoc } from "./module.ts";

const NS_ADMIN = "http://jabber.org/protocol/admin";
const host = "a.example";

let server: AdminTestServer;
let admin: TestClient;

beforeEach(async () => {
  server = await adminTestServer({
    modules: [disco, adhoc, administration, announce, roster, presence, message, offline],
  });
  await announcementsOf(server.core).start();
  admin = await server.connect(`${boss}/desk`);
});
afterEach(async () => {
  await announcementsOf(server.core).close();
  expect(server.complaints).toEqual([]);
  await server.stop();
});

interface Outcome {
  /** Condition of the error; "note" when a note says why not. */
  readonly error: string | undefined;
  readonly status: string | undefined;
  readonly note: string | undefined;
  readonly form: Element | undefined;
  value(field: string): readonly string[];
}

async function run(client: TestClient, node: string, values?: Record<string, string | string[]>): Promise<Outcome> {
  const fields = Object.entries(values ?? {}).map(([name, value]) => ({ var: name, values: [value].flat() }));
  const form = values === undefined ? "" : buildForm("submit", fields, { formType: NS_ADMIN }).toString();
  client.send(
    `<iq type='set' id='c' to='${host}'><command xmlns='${NS.commands}' node='${NS_ADMIN}#${node}'>${form}</command></iq>`,
  );
  const answer = (await client.sync()).find(({ id }) => id === "c")!;
  const command = answer.child("command", NS.commands);
  const shown = command?.child("x", NS.forms);
  const note = command?.child("note", NS.commands);
  return {
    error: answer.child("error")?.payload?.name ?? (note?.attr("type") === "error" ? "note" : undefined),
    status: command?.attr("status"),
    note: note?.text,
    form: shown,
    value: (field) => (shown === undefined ? [] : (parseForm(shown)?.values.get(field) ?? [])),
  };
}

const rows = async () => (await server.stores.admin.auditList({}, { limit: 50 })).items;

describe("who may", () => {
  test("an admin sees the commands, an ordinary user none of them", async () => {
    const nodes = async (client: TestClient): Promise<string[]> => {
      client.send(`<iq type='get' id='l' to='${host}'><query xmlns='${NS.discoItems}' node='${NS.commands}'/></iq>`);
      const answer = (await client.sync()).find(({ id }) => id === "l")!;
      return answer.payload!.elements("item").map((item) => item.attr("node") ?? "");
    };
    const seen = await nodes(admin);
    expect(seen).toContain(`${NS_ADMIN}#add-user`);
    expect(seen).toContain(`${NS_ADMIN}#edit-admin`);
    const held = await nodes(await server.connect(`${warden}/desk`));
    expect(held).toContain(`${NS_ADMIN}#add-user`);
    expect(held).not.toContain(`${NS_ADMIN}#edit-admin`);
    expect(await nodes(await server.connect(`${user}/desk`))).toEqual([]);
  });

  test.each(["add-user", "announce", "get-registered-users-num", "edit-admin"])(
    "%s is refused to a user",
    async (node) => {
      expect((await run(await server.connect(`${user}/desk`), node)).error).toBe("forbidden");
    },
  );

  test("somebody who administers one host cannot touch another", async () => {
    const held = await server.connect(`${warden}/desk`);
    held.send(
      `<iq type='set' id='c' to='b.example'><command xmlns='${NS.commands}' node='${NS_ADMIN}#get-registered-users-num'/></iq>`,
    );
    const [answer] = await held.sync();
    expect(answer!.child("error")?.payload?.name).toBe("forbidden");
  });

  test("roles count for nothing where the console's own rules keep them out", async () => {
    const { policy } = server.core;
    const login = (change: Partial<typeof policy.document.console.login>) =>
      policy.change({ author: "t", comment: "", audit: null, force: true }, (draft) => {
        Object.assign(draft.console.login, change);
      });
    await login({ addresses: ["192.0.2.0/24"] });
    expect((await run(admin, "get-online-users-num")).error).toBe("forbidden");
    await login({ addresses: [], secondFactor: ["owner"] });
    expect((await run(admin, "get-online-users-num")).error).toBe("forbidden");
    await login({ secondFactor: [] });
    expect((await run(admin, "get-online-users-num")).status).toBe("completed");
  });

  test("there is no command that tells a password", async () => {
    expect((await run(admin, "get-user-password", { accountjid: user })).error).toBe("item-not-found");
  });
});

describe("accounts", () => {
  test("one is added: form, then verb, audit row and login", async () => {
    const asked = await run(admin, "add-user");
    expect(asked.status).toBe("executing");
    expect(asked.form!.elements("field").map((field) => field.attr("var"))).toEqual([
      "FORM_TYPE",
      "accountjid",
      "password",
      "password-verify",
    ]);
    const filled = { accountjid: `new@${host}`, password: "pencil-7", "password-verify": "pencil-7" };
    const added = await run(admin, "add-user", filled);
    expect(added).toMatchObject({ status: "completed", note: `new@${host} added.` });
    const [row] = await rows();
    expect(row).toMatchObject({ action: "user.create", actor: boss, object: `new@${host}`, result: "done" });
    expect(row!.detail).not.toContain("pencil-7");
    expect((await run(admin, "add-user", filled)).error).toBe("note");
  });

  test.each([
    ["the passwords differ", { accountjid: `x@${host}`, password: "a1", "password-verify": "a2" }],
    ["it is on another host", { accountjid: "x@b.example", password: "a", "password-verify": "a" }],
    ["it is no address", { accountjid: "@", password: "a", "password-verify": "a" }],
    ["nothing is filled in", { accountjid: "" }],
  ])("adding is refused when %s", async (_, values) => {
    expect((await run(admin, "add-user", values as Record<string, string>)).error).toBe("note");
  });

  test("disabled, enabled, kicked and deleted, several at a time", async () => {
    const there = await server.connect(`${user}/desk`);
    expect((await run(admin, "disable-user", { accountjids: [user] })).note).toBe("1 of 1 accounts disabled.");
    expect(there.closedWith?.condition).toBe("not-authorized");
    expect((await run(admin, "get-disabled-users-list", { max_items: "25" })).value("disableduserjids")).toEqual([
      user,
    ]);
    expect((await run(admin, "get-disabled-users-num")).value("disabledusersnum")).toEqual(["1"]);
    await run(admin, "reenable-user", { accountjids: [user] });
    expect((await run(admin, "get-disabled-users-num")).value("disabledusersnum")).toEqual(["0"]);
    const again = await server.connect(`${user}/desk`);
    expect((await run(admin, "end-user-session", { accountjids: [`${user}/desk`] })).status).toBe("completed");
    expect(again.closedWith?.condition).toBe("reset");
    const mixed = await run(admin, "delete-user", { accountjids: [user, `nobody@${host}`] });
    expect(mixed.note).toContain("1 of 2 accounts deleted.");
    expect(mixed.note).toContain(`nobody@${host}`);
    expect((await run(admin, "delete-user", { accountjids: [`nobody@${host}`] })).error).toBe("note");
    expect((await run(admin, "delete-user", { accountjids: [boss] })).error).toBe("note");
  });

  test("a password is changed", async () => {
    expect((await run(admin, "change-user-password", { accountjid: user, password: "pencil-8" })).status).toBe(
      "completed",
    );
    const { core } = server;
    const { Jid } = await import("../../xmpp/jid.ts");
    expect(await core.accounts.verify(Jid.parse(user), "pencil-8")).toBe("ok");
  });

  test("roster and statistics", async () => {
    const item = {
      jid: "c@x.example",
      name: "C",
      subscription: "both",
      ask: false,
      approved: false,
      groups: ["G"],
    } as const;
    await server.stores.rosters.put(host, "user", item, 10);
    await server.connect(`${user}/desk`);
    // XEP-0133 6.2 registers the field with this type, and clients refuse forms in which it has another one.
    for (const node of ["get-user-roster", "get-user-lastlogin", "delete-user"]) {
      const fields = (await run(admin, node)).form!.elements("field");
      expect(fields.find((one) => one.attr("var") === "accountjids")?.attr("type")).toBe("jid-multi");
    }
    const roster = await run(admin, "get-user-roster", { accountjids: user });
    expect(String(roster.form!.child("query", NS.roster))).toContain("jid='c@x.example'");
    const stats = await run(admin, "user-stats", { accountjid: user });
    expect(stats.value("rostersize")).toEqual(["1"]);
    expect(stats.value("onlineresources")).toEqual(["desk"]);
    expect(stats.value("ipaddresses")).toEqual(["127.0.0.1"]);
    expect((await run(admin, "user-stats", { accountjids: user })).value("rostersize")).toEqual(["1"]);
    expect((await run(admin, "user-stats", {})).error).toBe("note");
    expect((await run(admin, "get-user-lastlogin", { accountjids: user })).value("lastlogin")).toEqual([
      "2026-01-01T00:00:00Z",
    ]);
    const both = { accountjids: [user, `boss@${host}`] };
    expect((await run(admin, "get-user-lastlogin", both)).error).toBe("note");
  });
});

describe("lists", () => {
  test("numbers", async () => {
    expect((await run(admin, "get-registered-users-num")).value("registeredusersnum")).toEqual(["3"]);
    expect((await run(admin, "get-online-users-num")).value("onlineusersnum")).toEqual(["1"]);
    await server.connect(`${user}/desk`);
    server.clock.advance(3_600_000);
    expect((await run(admin, "get-active-users-num")).value("activeusersnum")).toEqual(["1"]);
    expect((await run(admin, "get-idle-users-num")).value("idleusersnum")).toEqual(["1"]);
    expect((await run(admin, "get-idle-users", { max_items: "25" })).value("activeuserjids")).toEqual([user]);
  });

  test("lists are bounded and say so", async () => {
    const all = await run(admin, "get-registered-users-list", { max_items: "none" });
    expect(all.value("registereduserjids")).toEqual([boss, user, warden]);
    expect(all.note).toBeUndefined();
    const two = await run(admin, "get-registered-users-list", { max_items: "2" });
    expect(two.value("registereduserjids")).toHaveLength(2);
    expect(two.note).toBe("There are more than these 2.");
    expect((await run(admin, "get-registered-users-list", { max_items: "1001" })).error).toBe("note");
    expect((await run(admin, "get-online-users-list", { max_items: "25" })).value("onlineuserjids")).toEqual([boss]);
  });
});

describe("texts", () => {
  const online = async (): Promise<TestClient> => {
    const client = await server.connect(`${user}/desk`);
    client.send("<presence/>");
    await client.sync();
    return client;
  };

  test("an announcement reaches those who are online", async () => {
    const client = await online();
    const { note } = await run(admin, "announce", { subject: "Hi", announcement: ["line 1", "line 2"] });
    expect(note).toBe("The announcement is on its way to 2 accounts.");
    const [told] = await client.take(1);
    expect(told!.type).toBe("headline");
    expect(told!.childText("body")).toBe("line 1\nline 2");
    expect(told!.from).toBe(host);
  });

  test("one to all reaches those who are away, too", async () => {
    const { note } = await run(admin, "announce-all", { announcement: "To all" });
    expect(note).toBe("The announcement is on its way to 3 accounts.");
    await expect.poll(() => server.stores.offline.depth(host, "warden")).toMatchObject({ messages: 1 });
  });

  test("the message of the day is told at once, and once at the next login", async () => {
    const client = await online();
    await run(admin, "set-motd", { subject: "", motd: "Today" });
    expect((await client.take(1))[0]!.childText("body")).toBe("Today");
    const asked = await run(admin, "edit-motd");
    expect(asked.value("motd")).toEqual(["Today"]);
    await run(admin, "edit-motd", { motd: "Today!" });
    const late = await server.connect(`${warden}/desk`);
    late.send("<presence/>");
    expect((await late.take(2)).map((stanza) => stanza.childText("body")).filter(Boolean)).toEqual(["Today!"]);
    client.send("<presence type='unavailable'/>");
    client.send("<presence/>");
    expect((await client.sync()).filter(({ kind }) => kind === "message")).toEqual([]);
    expect((await run(admin, "delete-motd")).status).toBe("completed");
    expect((await run(admin, "delete-motd")).note).toBe("There is no message of the day.");
    expect((await run(admin, "edit-motd")).value("motd")).toEqual([]);
  });

  test("the welcome message is kept where registration keeps it", async () => {
    await run(admin, "set-welcome", { subject: "Welcome", welcome: ["To", "us"] });
    expect(server.core.policy.registration(host).welcome).toEqual({ subject: "Welcome", body: "To\nus" });
    expect((await run(admin, "delete-welcome")).status).toBe("completed");
    expect(server.core.policy.registration(host).welcome).toBeNull();
    expect((await run(admin, "set-welcome")).value("welcome")).toEqual([]);
  });

  test("messages to the host's addresses are announcements", async () => {
    const client = await online();
    admin.send(`<message to='${host}/announce/online'><subject>S</subject><body>By mail</body></message>`);
    expect((await client.take(1))[0]!.childText("body")).toBe("By mail");
    client.send(`<message to='${host}/announce/online' id='m'><body>Me too</body></message>`);
    const [refused] = await client.sync();
    expect(refused!.child("error")?.payload?.name).toBe("forbidden");
  });

  test("the access rule `announce` is enough to announce, and for nothing else", async () => {
    await server.core.policy.change({ author: "t", comment: "", audit: null }, (draft) => {
      draft.accessRules["announce"] = [{ allow: [{ user }] }];
    });
    const client = await online();
    expect((await run(client, "announce", { announcement: "Hello" })).status).toBe("completed");
    expect((await run(client, "add-user")).error).toBe("forbidden");
    const [row] = await rows();
    expect(row).toMatchObject({ action: "announcement.send", actor: user, object: host });
  });
});

describe("the list of admins", () => {
  test("is edited as a whole, and never emptied", async () => {
    expect((await run(admin, "edit-admin")).value("adminjids")).toEqual([boss]);
    await run(admin, "edit-admin", { adminjids: [boss, user] });
    expect((await run(admin, "edit-admin")).value("adminjids")).toEqual([boss, user]);
    expect((await run(admin, "edit-admin", { adminjids: [] })).error).toBe("note");
  });
});

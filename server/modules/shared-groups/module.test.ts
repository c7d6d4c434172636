import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import type { GroupRow } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { message } from "../message/module.ts";
import { presence } from "../presence/module.ts";
import { roster } from "../roster/module.ts";
import { sharedGroups } from "./module.ts";

const host = "montague.example";
const jid = (local: string): string => `${local}@${host}`;
let server: TestServer;

beforeEach(async () => {
  server = await testServer({
    modules: [roster, sharedGroups, presence, message],
    accounts: ["romeo", "benvolio", "mercutio", "abram"].map(jid),
    policy(draft) {
      draft.modules["shared-groups"] = { enabled: true, options: { max_contacts: 3 } };
    },
  });
});
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

async function changed(...names: string[]): Promise<void> {
  await server.core.hosts.get(host)!.hooks.fire("groups/changed", { names });
}
async function put(name: string, more: Partial<GroupRow> = {}, locals: string[] = []): Promise<void> {
  const { groups } = server.stores;
  const is = (await groups.find(host, name)) === null ? "new" : "known";
  // Once more with what it displays, for that may be itself.
  const row = { host, name, label: name, description: "", members: "listed", displays: [], ...more } as const;
  await groups.put(row, is, 100);
  await groups.put(row, "known", 100);
  await groups.change(host, name, locals, [], 100);
  await changed(name);
}

/** The contacts of the roster as `jid subscription group,group`. */
async function contacts(client: TestClient, ver?: string): Promise<string[]> {
  client.send(
    `<iq type='get' id='r'><query xmlns='jabber:iq:roster'${ver === undefined ? "" : ` ver='${ver}'`}/></iq>`,
  );
  return itemsOf((await client.sync()).find(({ id }) => id === "r")!);
}
function itemsOf(stanza: Stanza): string[] {
  return (stanza.payload?.elements("item") ?? []).map((item) =>
    [
      item.attr("jid")!.split("@")[0],
      item.attr("subscription"),
      item
        .elements("group")
        .map(({ text }) => text)
        .join(","),
    ].join(" "),
  );
}
async function login(local: string): Promise<TestClient> {
  const client = await server.connect(`${jid(local)}/desk`);
  await contacts(client);
  client.send("<presence/>");
  await client.sync();
  return client;
}
const pushes = (stanzas: Stanza[]): string[] =>
  stanzas.filter(({ kind, type }) => kind === "iq" && type === "set").flatMap(itemsOf);
const presences = (stanzas: Stanza[]): string[] =>
  stanzas
    .filter(({ kind }) => kind === "presence")
    .map(({ from, type }) => `${Jid.parse(from!).local} ${type ?? "here"}`);

describe("what is shown", () => {
  test("members of a group that displays itself see each other", async () => {
    await put("friends", { label: "Friends", displays: ["friends"] }, ["romeo", "benvolio"]);
    const romeo = await server.connect(`${jid("romeo")}/desk`);
    expect(await contacts(romeo)).toEqual(["benvolio both Friends"]);
    expect(await contacts(await server.connect(`${jid("mercutio")}/desk`))).toEqual([]);
  });

  test("one group sees another, which does not see it", async () => {
    await put("help", { label: "Help desk" }, ["abram"]);
    await put("staff", { displays: ["help"] }, ["romeo"]);
    const romeo = await login("romeo");
    expect(await contacts(romeo)).toEqual(["abram to Help desk"]);
    const abram = await server.connect(`${jid("abram")}/desk`);
    expect(await contacts(abram)).toEqual([]);
    abram.send("<presence/>");
    await abram.sync();
    expect(presences(await romeo.sync())).toEqual(["abram here"]);
    romeo.send("<presence><show>away</show></presence>");
    await romeo.sync();
    expect(presences(await abram.sync())).toEqual([]);
  });

  test("everybody, up to the limit", async () => {
    await put("all", { members: "everybody", displays: ["all"] });
    const romeo = await login("romeo");
    expect(await contacts(romeo)).toEqual(["abram both all", "benvolio both all", "mercutio both all"]);
    await server.core.accounts.create({ user: Jid.parse(jid("aaron")), password: "pencil", via: "admin" });
    expect(pushes(await romeo.sync())).toContain("aaron both all");
    expect((await contacts(romeo)).length).toBeLessThanOrEqual(3);
  });

  test("those who are online", async () => {
    await put("online", { members: "online", displays: ["online"] });
    const romeo = await login("romeo");
    expect(await contacts(romeo)).toEqual([]);
    const benvolio = await login("benvolio");
    const seen = await romeo.sync();
    expect(pushes(seen)).toEqual(["benvolio both online"]);
    expect(presences(seen)).toEqual(["benvolio here"]);
    expect(await contacts(benvolio)).toEqual(["romeo both online"]);
    benvolio.end();
    await expect.poll(async () => pushes(await romeo.sync())).toEqual(["benvolio remove "]);
  });

  test("a contact of one's own stays one's own", async () => {
    const own = {
      jid: jid("benvolio"),
      name: "Ben",
      subscription: "to",
      ask: false,
      approved: false,
      groups: ["X"],
    } as const;
    await server.stores.rosters.put(host, "romeo", own, 10);
    await put("friends", { displays: ["friends"] }, ["romeo", "benvolio"]);
    const romeo = await server.connect(`${jid("romeo")}/desk`);
    expect(await contacts(romeo)).toEqual(["benvolio both X,friends"]);
    await server.stores.groups.remove(host, "friends");
    await changed("friends");
    expect(pushes(await romeo.sync())).toEqual(["benvolio to X"]);
  });
});

describe("changes", () => {
  test("are pushed, and presence comes and goes with them", async () => {
    const romeo = await login("romeo");
    const benvolio = await login("benvolio");
    await put("friends", { displays: ["friends"] }, ["romeo", "benvolio"]);
    const told = await romeo.sync();
    expect(pushes(told)).toEqual(["benvolio both friends"]);
    expect(presences(told)).toEqual(["benvolio here"]);
    expect(presences(await benvolio.sync())).toEqual(["romeo here"]);
    await server.stores.groups.change(host, "friends", [], ["benvolio"], 100);
    await changed("friends");
    const gone = await romeo.sync();
    expect(pushes(gone)).toEqual(["benvolio remove "]);
    expect(presences(gone)).toEqual(["benvolio unavailable"]);
    benvolio.send("<presence><show>away</show></presence>");
    await benvolio.sync();
    expect(await romeo.sync()).toEqual([]);
  });

  test("no two pushes of one change have the same version (RFC 6121 2.6.3), and only the last makes the client current", async () => {
    await put("friends", { displays: ["friends"] }, ["romeo"]);
    const romeo = await login("romeo");
    await server.stores.groups.change(host, "friends", ["abram", "benvolio", "mercutio"], [], 100);
    await changed("friends");
    const versions = (await romeo.sync()).flatMap(({ payload }) => payload?.attr("ver") ?? []);
    expect(versions).toHaveLength(3);
    expect(new Set(versions).size).toBe(3);
    expect(await contacts(romeo, versions[1])).toHaveLength(3);
    expect(await contacts(romeo, versions[2])).toEqual([]);
  });

  test("whoever logs in again with the version of before gets nothing, or all of it after a change", async () => {
    await put("friends", { displays: ["friends"] }, ["romeo", "benvolio"]);
    const romeo = await server.connect(`${jid("romeo")}/desk`);
    romeo.send("<iq type='get' id='r'><query xmlns='jabber:iq:roster' ver=''/></iq>");
    const ver = (await romeo.sync())[0]!.payload!.attr("ver")!;
    expect(ver).toMatch(/^0-./);
    romeo.send(`<iq type='get' id='r'><query xmlns='jabber:iq:roster' ver='${ver}'/></iq>`);
    expect((await romeo.sync())[0]!.payload).toBeUndefined();
    romeo.send(`<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='x@y.example'/></query></iq>`);
    await romeo.sync();
    romeo.send(`<iq type='get' id='r'><query xmlns='jabber:iq:roster' ver='${ver}'/></iq>`);
    const since = await romeo.sync();
    expect(since[0]!.payload).toBeUndefined();
    expect(pushes(since)).toEqual(["x none "]);
    await put("friends", { displays: ["friends"] }, ["mercutio"]);
    await romeo.sync();
    expect((await contacts(romeo, ver)).length).toBe(3);
  });

  test("a module that stops takes its contacts away", async () => {
    await put("friends", { displays: ["friends"] }, ["romeo", "benvolio"]);
    const romeo = await login("romeo");
    await server.core.policy.change({ author: "t", comment: "", audit: null }, (draft) => {
      draft.modules["shared-groups"] = { enabled: false, options: {} };
    });
    await server.loader.apply(server.core.policy.document);
    await expect.poll(async () => pushes(await romeo.sync())).toEqual(["benvolio remove "]);
  });

  test("an account that is removed leaves every roster", async () => {
    await put("friends", { displays: ["friends"] }, ["romeo", "benvolio"]);
    const romeo = await login("romeo");
    await server.core.accounts.remove(Jid.parse(jid("benvolio")));
    expect(pushes(await romeo.sync())).toEqual(["benvolio remove "]);
  });
});

describe("what users may change", () => {
  let romeo: TestClient;
  beforeEach(async () => {
    await put("friends", { displays: ["friends"] }, ["romeo", "benvolio"]);
    romeo = await login("romeo");
  });
  const set = async (item: string): Promise<Stanza[]> => {
    romeo.send(`<iq type='set' id='s'><query xmlns='jabber:iq:roster'>${item}</query></iq>`);
    return romeo.sync();
  };

  test("a contact from a group is not removed", async () => {
    const [answer] = await set(`<item jid='${jid("benvolio")}' subscription='remove'/>`);
    expect(answer!.child("error")?.payload?.name).toBe("not-allowed");
  });

  test("it is given a name and groups, and stays in the group's", async () => {
    const told = await set(`<item jid='${jid("benvolio")}' name='Ben'><group>Mine</group></item>`);
    expect(pushes(told)).toEqual(["benvolio both Mine,friends"]);
    expect((await server.stores.rosters.get(host, "romeo")).items[0]).toMatchObject({ name: "Ben", groups: ["Mine"] });
    const back = await set(`<item jid='${jid("benvolio")}' subscription='remove'/>`);
    expect(pushes(back)).toEqual(["benvolio both friends"]);
  });

  test("nobody is asked for what the group has agreed to", async () => {
    const benvolio = await login("benvolio");
    await romeo.sync();
    romeo.send(`<presence to='${jid("benvolio")}' type='subscribe'/>`);
    await romeo.sync();
    expect(await benvolio.sync()).toEqual([]);
  });

  test("ending a subscription of one's own does not hide what the group shows", async () => {
    const benvolio = await login("benvolio");
    await romeo.sync();
    romeo.send(`<presence to='${jid("benvolio")}' type='unsubscribed'/>`);
    await romeo.sync();
    expect(presences(await benvolio.sync())).toEqual([]);
    romeo.send("<presence><show>away</show></presence>");
    await romeo.sync();
    expect(presences(await benvolio.sync())).toEqual(["romeo here"]);
  });
});

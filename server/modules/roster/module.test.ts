import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import { Jid } from "../../xmpp/jid.ts";
import { message } from "../message/module.ts";
import { presence } from "../presence/module.ts";
import { roster } from "./module.ts";

let server: TestServer;
let romeo: TestClient;
let juliet: TestClient;

beforeEach(async () => {
  server = await testServer({
    modules: [roster, presence, message],
    accounts: ["romeo@montague.example", "juliet@capulet.example"],
    policy(draft) {
      draft.modules["roster"] = { enabled: true, options: { max_items: 5 } };
    },
  });
  romeo = await server.connect("romeo@montague.example/orchard");
  juliet = await server.connect("juliet@capulet.example/balcony");
});

afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

async function getRoster(client: TestClient, ver?: string): Promise<void> {
  client.send(
    `<iq type='get' id='r'><query xmlns='jabber:iq:roster'${ver === undefined ? "" : ` ver='${ver}'`}/></iq>`,
  );
}

async function login(client: TestClient): Promise<void> {
  await getRoster(client);
  client.send("<presence/>");
  await client.sync();
}

const set = (items: string): string => `<iq type='set' id='s'><query xmlns='jabber:iq:roster'>${items}</query></iq>`;
const push = (to: TestClient, ver: string, item: string): string =>
  `<iq type='set' id='{any}' to='${to.jid}'><query xmlns='jabber:iq:roster' ver='${ver}'>${item}</query></iq>`;
const result = (client: TestClient, id: string, payload = ""): string =>
  `<iq type='result' id='${id}' to='${client.jid}'>${payload}</iq>`;

describe("roster get and set", () => {
  test("an item is stored, pushed to interested resources, and read again", async () => {
    const chamber = await server.connect("romeo@montague.example/chamber");
    await getRoster(romeo);
    await romeo.expect(result(romeo, "r", "<query xmlns='jabber:iq:roster' ver='0'/>"));
    romeo.send(
      set("<item jid='nurse@capulet.example/x' name='Nurse' subscription='both'><group>Servants</group></item>"),
    );
    const item = "<item jid='nurse@capulet.example' name='Nurse' subscription='none'><group>Servants</group></item>";
    await romeo.expect(push(romeo, "1", item), result(romeo, "s"));
    await getRoster(chamber);
    await chamber.expect(result(chamber, "r", `<query xmlns='jabber:iq:roster' ver='1'>${item}</query>`));
  });

  test("versions: nothing when current, the changes in their order when behind, everything when unknown", async () => {
    await getRoster(romeo);
    romeo.send(set("<item jid='a@capulet.example'/>"));
    romeo.send(set("<item jid='b@capulet.example'/>"));
    romeo.send(set("<item jid='c@capulet.example'/>"));
    romeo.send(set("<item jid='a@capulet.example' subscription='remove'/>"));
    await romeo.sync();
    await getRoster(romeo, "4");
    await romeo.expect(result(romeo, "r"));
    await getRoster(romeo, "2");
    await romeo.expect(
      result(romeo, "r"),
      push(romeo, "3", "<item jid='c@capulet.example' subscription='none'/>"),
      push(romeo, "4", "<item jid='a@capulet.example' subscription='remove'/>"),
    );
    for (const unknown of ["", "99", "x", "-1"]) {
      await getRoster(romeo, unknown);
      const [answer] = await romeo.sync();
      expect(answer!.payload?.attr("ver")).toBe("4");
      expect(answer!.payload?.elements("item")).toHaveLength(2);
    }
  });

  const long = "x".repeat(1024);
  test.each([
    ["nothing", "", "bad-request"],
    ["two items", "<item jid='a@b.example'/><item jid='c@b.example'/>", "bad-request"],
    ["an item without an address", "<item/>", "bad-request"],
    ["an address that is none", "<item jid='@b.example'/>", "jid-malformed"],
    ["a group twice", "<item jid='a@b.example'><group>x</group><group>x</group></item>", "bad-request"],
    ["a group without a name", "<item jid='a@b.example'><group/></item>", "not-acceptable"],
    ["a long group name", `<item jid='a@b.example'><group>${long}</group></item>`, "not-acceptable"],
    ["a long name", `<item jid='a@b.example' name='${long}'/>`, "not-acceptable"],
    ["oneself", "<item jid='romeo@montague.example'/>", "not-allowed"],
    ["the removal of a stranger", "<item jid='nobody@b.example' subscription='remove'/>", "item-not-found"],
  ])("a set of %s is refused", async (_, items, condition) => {
    romeo.send(set(items));
    const [answer] = await romeo.sync();
    expect(answer!.type).toBe("error");
    expect(answer!.child("error")?.payload?.name).toBe(condition);
  });

  test("a full roster takes no more, but changes what is there", async () => {
    for (let n = 0; n < 5; n += 1) romeo.send(set(`<item jid='c${n}@capulet.example'/>`));
    await romeo.sync();
    romeo.send(set("<item jid='c5@capulet.example'/>"));
    romeo.send(set("<item jid='c4@capulet.example' name='Four'/>"));
    const [refused, changed] = await romeo.sync();
    expect(refused!.child("error")?.payload?.name).toBe("resource-constraint");
    expect(changed!.type).toBe("result");
  });

  test("nobody reads or changes somebody else's", async () => {
    for (const type of ["get", "set"]) {
      romeo.send(`<iq type='${type}' id='x' to='juliet@capulet.example'><query xmlns='jabber:iq:roster'/></iq>`);
      const [answer] = await romeo.sync();
      expect(answer!.child("error")?.payload?.name).toBe("forbidden");
    }
  });
});

describe("subscriptions", () => {
  const bare = { romeo: "romeo@montague.example", juliet: "juliet@capulet.example" };
  const sub = (type: string, from: string, to: string): string =>
    `<presence type='${type}' from='${from}' to='${to}'/>`;

  test("request, approval, presence, and the way back", async () => {
    await login(romeo);
    await login(juliet);
    romeo.send(`<presence type='subscribe' to='${bare.juliet}/x' id='p1'/>`);
    await romeo.expect(push(romeo, "1", `<item jid='${bare.juliet}' subscription='none' ask='subscribe'/>`));
    await juliet.expect(`<presence type='subscribe' from='${bare.romeo}' to='${bare.juliet}' id='p1'/>`);

    juliet.send(`<presence type='subscribed' to='${bare.romeo}'/>`);
    await juliet.expect(push(juliet, "1", `<item jid='${bare.romeo}' subscription='from'/>`));
    await romeo.expect(
      sub("subscribed", bare.juliet, bare.romeo),
      push(romeo, "2", `<item jid='${bare.juliet}' subscription='to'/>`),
      `<presence from='${juliet.jid}' to='${bare.romeo}'/>`,
    );

    juliet.send(`<presence type='subscribe' to='${bare.romeo}'/>`);
    await juliet.sync();
    await romeo.expect(sub("subscribe", bare.juliet, bare.romeo));
    romeo.send(`<presence type='subscribed' to='${bare.juliet}'/>`);
    await romeo.expect(push(romeo, "3", `<item jid='${bare.juliet}' subscription='both'/>`));
    await juliet.expect(
      sub("subscribed", bare.romeo, bare.juliet),
      push(juliet, "3", `<item jid='${bare.romeo}' subscription='both'/>`),
      `<presence from='${romeo.jid}' to='${bare.juliet}'/>`,
    );

    romeo.send(`<presence type='unsubscribe' to='${bare.juliet}'/>`);
    await romeo.expect(
      push(romeo, "4", `<item jid='${bare.juliet}' subscription='from'/>`),
      `<presence type='unavailable' from='${juliet.jid}' to='${bare.romeo}'/>`,
    );
    await juliet.expect(
      sub("unsubscribe", bare.romeo, bare.juliet),
      push(juliet, "4", `<item jid='${bare.romeo}' subscription='to'/>`),
    );

    romeo.send(`<presence type='unsubscribed' to='${bare.juliet}'/>`);
    await romeo.expect(push(romeo, "5", `<item jid='${bare.juliet}' subscription='none'/>`));
    await juliet.expect(
      sub("unsubscribed", bare.romeo, bare.juliet),
      push(juliet, "5", `<item jid='${bare.romeo}' subscription='none'/>`),
      `<presence type='unavailable' from='${romeo.jid}' to='${bare.juliet}'/>`,
    );
  });

  test("a request waits with all it carries, over logins, until it is answered", async () => {
    await login(romeo);
    romeo.send(`<presence type='subscribe' to='${bare.juliet}'><nick xmlns='urn:nick'>Ro&lt;</nick></presence>`);
    await romeo.sync();
    const request = `<presence type='subscribe' from='${bare.romeo}' to='${bare.juliet}'><nick xmlns='urn:nick'>Ro&lt;</nick></presence>`;
    juliet.send("<presence/>");
    await juliet.expect(`<presence from='${juliet.jid}' to='${bare.juliet}'/>`, request);
    const chamber = await server.connect("juliet@capulet.example/chamber");
    chamber.send("<presence/>");
    await chamber.expect(
      `<presence from='${chamber.jid}' to='${bare.juliet}'/>`,
      `<presence from='${juliet.jid}' to='${chamber.jid}'/>`,
      request,
    );
    await romeo.sync();
    romeo.send(`<presence type='subscribe' to='${bare.juliet}'/>`);
    await romeo.sync();
    await juliet.sync();
    juliet.send(`<presence type='unsubscribed' to='${bare.romeo}'/>`);
    await juliet.expect();
    await romeo.expect(
      sub("unsubscribed", bare.juliet, bare.romeo),
      push(romeo, "2", `<item jid='${bare.juliet}' subscription='none'/>`),
    );
    expect((await server.stores.rosters.get("capulet.example", "juliet")).requests).toEqual([]);
  });

  test("approval in advance", async () => {
    await login(romeo);
    await login(juliet);
    juliet.send(`<presence type='subscribed' to='${bare.romeo}'/>`);
    await juliet.expect(push(juliet, "1", `<item jid='${bare.romeo}' subscription='none' approved='true'/>`));
    await romeo.expect();
    romeo.send(`<presence type='subscribe' to='${bare.juliet}'/>`);
    await romeo.expect(
      push(romeo, "1", `<item jid='${bare.juliet}' subscription='none' ask='subscribe'/>`),
      sub("subscribed", bare.juliet, bare.romeo),
      push(romeo, "2", `<item jid='${bare.juliet}' subscription='to'/>`),
      `<presence from='${juliet.jid}' to='${bare.romeo}'/>`,
    );
    await juliet.expect(push(juliet, "2", `<item jid='${bare.romeo}' subscription='from' approved='true'/>`));
    juliet.send(`<presence type='unsubscribed' to='${bare.romeo}'/>`);
    await juliet.expect(push(juliet, "3", `<item jid='${bare.romeo}' subscription='none'/>`));
  });

  test("who is subscribed already is told so again", async () => {
    await login(romeo);
    await befriend();
    romeo.send(`<presence type='subscribe' to='${bare.juliet}'/>`);
    await juliet.expect();
  });

  test("an account that does not exist says nothing, as one that has not answered yet (RFC 6121 8.5.1)", async () => {
    await login(romeo);
    romeo.send("<presence type='subscribe' to='nobody@capulet.example'/>");
    await romeo.expect(push(romeo, "1", "<item jid='nobody@capulet.example' subscription='none' ask='subscribe'/>"));
    expect((await server.stores.rosters.get("capulet.example", "nobody")).requests).toEqual([]);
  });

  test("removing a contact ends both directions", async () => {
    await login(romeo);
    await login(juliet);
    await befriend();
    romeo.send(set(`<item jid='${bare.juliet}' subscription='remove'/>`));
    await romeo.expect(
      push(romeo, "4", `<item jid='${bare.juliet}' subscription='remove'/>`),
      `<presence type='unavailable' from='${juliet.jid}' to='${bare.romeo}'/>`,
      result(romeo, "s"),
    );
    await juliet.expect(
      sub("unsubscribed", bare.romeo, bare.juliet),
      push(juliet, "4", `<item jid='${bare.romeo}' subscription='from'/>`),
      sub("unsubscribe", bare.romeo, bare.juliet),
      push(juliet, "5", `<item jid='${bare.romeo}' subscription='none'/>`),
      `<presence type='unavailable' from='${romeo.jid}' to='${bare.juliet}'/>`,
    );
  });

  test("an account that is removed is gone from its contacts' rosters", async () => {
    await login(romeo);
    await login(juliet);
    await befriend();
    expect(await server.core.accounts.remove(Jid.parse(bare.juliet))).toBe(true);
    const { items } = await server.stores.rosters.get("montague.example", "romeo");
    expect(items.map((item) => item.subscription)).toEqual(["none"]);
  });

  test("many requests do not fill the memory", async () => {
    await login(juliet);
    for (let n = 0; n < 7; n += 1) {
      romeo.send(`<presence type='subscribe' to='${bare.juliet}'/>`);
      romeo.send(`<presence type='unsubscribe' to='${bare.juliet}'/>`);
    }
    await romeo.sync();
    expect((await server.stores.rosters.get("capulet.example", "juliet")).requests).toEqual([]);
  });

  async function befriend(): Promise<void> {
    for (const [one, other] of [
      [romeo, juliet],
      [juliet, romeo],
    ] as const) {
      one.send(`<presence type='subscribe' to='${other.session.bare.bare}'/>`);
      await one.sync();
      other.send(`<presence type='subscribed' to='${one.session.bare.bare}'/>`);
      await other.sync();
    }
    await romeo.sync();
    await juliet.sync();
  }
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import { disco } from "../disco/module.ts";
import { message } from "../message/module.ts";
import { presence } from "../presence/module.ts";
import { roster } from "../roster/module.ts";
import { NS_ADDRESS } from "./addresses.ts";
import { multicast } from "./module.ts";

const host = "montague.example";
const service = `multicast.${host}`;
let server: TestServer;
let romeo: TestClient;
let others: TestClient[];

beforeEach(async () => {
  const names = ["romeo", "benvolio", "mercutio", "abram"];
  server = await testServer({
    modules: [disco, roster, presence, message, multicast],
    accounts: [...names.map((name) => `${name}@${host}`), "juliet@capulet.example"],
    policy(draft) {
      draft.modules["multicast"] = { enabled: true, options: { max_recipients: 3, max_recipients_per_minute: 7 } };
    },
  });
  [romeo, ...others] = (await Promise.all(names.map((name) => server.connect(`${name}@${host}/x`)))) as [
    TestClient,
    ...TestClient[],
  ];
  for (const client of others) client.send("<presence/>");
  for (const client of others) await client.sync();
});
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

const addressed = (addresses: string, to = service): string =>
  `<message to='${to}' id='m'><addresses xmlns='${NS_ADDRESS}'>${addresses}</addresses><body>Hi</body></message>`;
const to = (name: string, type = "to", more = ""): string => `<address type='${type}' jid='${name}@${host}'${more}/>`;
const error = async (client: TestClient): Promise<string | undefined> =>
  (await client.sync()).find(({ type }) => type === "error")?.child("error")?.payload?.name;

describe("a message", () => {
  test("goes to each once, with who else has it; blind copies show nobody", async () => {
    romeo.send(
      addressed(
        `${to("benvolio")}${to("mercutio", "cc", " desc='M'")}${to("abram", "bcc")}<address type='replyto' jid='a@b.example'/><address type='noreply'/>`,
      ),
    );
    await romeo.sync();
    const shown = `<address type='to' jid='benvolio@${host}' delivered='true'/><address type='cc' jid='mercutio@${host}' desc='M' delivered='true'/><address type='replyto' jid='a@b.example'/><address type='noreply'/>`;
    const copy = (name: string, more = ""): string =>
      `<message from='romeo@${host}/x' to='${name}@${host}' id='m'><body>Hi</body><addresses xmlns='${NS_ADDRESS}'>${shown}${more}</addresses></message>`;
    await others[0]!.expect(copy("benvolio"));
    await others[1]!.expect(copy("mercutio"));
    await others[2]!.expect(copy("abram", `<address type='bcc' jid='abram@${host}'/>`));
  });

  test("somebody named twice gets it once", async () => {
    romeo.send(addressed(`${to("benvolio", "bcc")}${to("benvolio")}${to("Benvolio", "cc")}`));
    await romeo.sync();
    expect(await others[0]!.sync()).toHaveLength(1);
  });

  test("one that cannot be delivered comes back as any would", async () => {
    romeo.send(addressed(`${to("nobody")}${to("benvolio")}`));
    expect(await error(romeo)).toBe("service-unavailable");
    expect(await others[0]!.sync()).toHaveLength(1);
  });
});

describe("what is refused", () => {
  test.each([
    ["no addresses", "", "bad-request"],
    ["nobody", "<address type='noreply'/>", "item-not-found"],
    ["no type", `<address jid='benvolio@${host}'/>`, "bad-request"],
    ["an unknown type", to("benvolio", "fcc"), "bad-request"],
    ["a forged sender", `${to("benvolio")}<address type='ofrom' jid='prince@${host}'/>`, "bad-request"],
    ["a forged mark of delivery", to("benvolio", "to", " delivered='true'"), "bad-request"],
    ["an address of another network", "<address type='to' uri='sip:a@b.example'/>", "jid-malformed"],
    ["an address that is none", "<address type='to' jid='@'/>", "jid-malformed"],
    ["a recipient without an address", "<address type='to'/>", "jid-malformed"],
    ["too many", ["a", "b", "c", "d"].map((name) => to(name)).join(""), "not-acceptable"],
  ])("%s", async (_, addresses, condition) => {
    romeo.send(addresses === "" ? `<message to='${service}'><body>Hi</body></message>` : addressed(addresses));
    expect(await error(romeo)).toBe(condition);
    for (const client of others) expect(await client.sync()).toEqual([]);
  });

  test("whoever the rule does not allow", async () => {
    await server.core.policy.change({ author: "t", comment: "", audit: null }, (draft) => {
      draft.accessRules["local"] = [{ allow: [{ user: `benvolio@${host}` }] }];
    });
    romeo.send(addressed(to("benvolio")));
    expect(await error(romeo)).toBe("forbidden");
  });

  test("more recipients than a minute has", async () => {
    for (let count = 0; count < 3; count += 1) romeo.send(addressed(`${to("benvolio")}${to("abram")}`));
    await romeo.sync();
    romeo.send(addressed(`${to("benvolio")}${to("abram")}`));
    expect(await error(romeo)).toBe("resource-constraint");
    server.clock.advance(60_000);
    romeo.send(addressed(to("benvolio")));
    expect(await error(romeo)).toBeUndefined();
  });
});

describe("presence", () => {
  const presenceTo = (type: string): string =>
    `<presence to='${service}'${type}><addresses xmlns='${NS_ADDRESS}'>${to("benvolio")}</addresses></presence>`;

  test("is directed presence, which ends with the session", async () => {
    romeo.send("<presence/>");
    romeo.send(presenceTo(""));
    await romeo.sync();
    expect((await others[0]!.sync()).map(({ type }) => type)).toEqual([undefined]);
    romeo.end();
    await expect.poll(async () => (await others[0]!.sync()).map(({ type }) => type)).toEqual(["unavailable"]);
  });

  test("no subscription is asked for in bulk", async () => {
    romeo.send(presenceTo(" type='subscribe'"));
    await romeo.sync();
    expect(await others[0]!.sync()).toEqual([]);
  });
});

test("the service says what it is", async () => {
  romeo.send(`<iq type='get' id='i' to='${service}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`);
  const [answer] = await romeo.sync();
  expect(String(answer)).toContain(`var='${NS_ADDRESS}'`);
});

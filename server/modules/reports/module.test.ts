import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import { archive } from "../archive/module.ts";
import { blocking } from "../blocking/module.ts";
import { disco } from "../disco/module.ts";
import { message } from "../message/module.ts";
import { offline } from "../offline/module.ts";
import { presence } from "../presence/module.ts";
import { roster } from "../roster/module.ts";
import { reports } from "./module.ts";
import { NS_REPORTING } from "./report.ts";

const host = "montague.example";
let server: TestServer;
let romeo: TestClient;
let tybalt: TestClient;

beforeEach(async () => {
  server = await testServer({
    modules: [disco, roster, presence, message, archive, offline, blocking, reports],
    accounts: [`romeo@${host}`, `tybalt@${host}`],
    policy(draft) {
      draft.modules["reports"] = { enabled: true, options: { max_per_day: 3, max_reports: 4 } };
    },
  });
  romeo = await server.connect(`romeo@${host}/x`);
  tybalt = await server.connect(`tybalt@${host}/x`);
  romeo.send("<presence/>");
  await romeo.sync();
});
afterEach(() => server.stop());

const item = (jid: string, report = ""): string => `<item jid='${jid}'>${report}</item>`;
const report = (children = "", reason = "urn:xmpp:reporting:spam"): string =>
  `<report xmlns='${NS_REPORTING}' reason='${reason}'>${children}</report>`;
async function block(items: string): Promise<void> {
  romeo.send(`<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'>${items}</block></iq>`);
  expect((await romeo.sync()).find(({ id }) => id === "b")!.type).toBe("result");
}
const kept = async () => (await server.stores.reports.list({ state: "all" }, { limit: 10 })).items;

test("a report is kept with the messages as they came", async () => {
  tybalt.send(`<message to='romeo@${host}' type='chat' id='t'><body>Thou art a villain</body></message>`);
  await tybalt.sync();
  const id = (await romeo.sync())[0]!.child("stanza-id", "urn:xmpp:sid:0")!.attr("id")!;
  const named = `<stanza-id xmlns='urn:xmpp:sid:0' by='romeo@${host}' id='${id}'/>`;
  const stray = `<stanza-id xmlns='urn:xmpp:sid:0' by='tybalt@${host}' id='${id}'/>`;
  await block(item(`tybalt@${host}`, report(`${named}${stray}<text>Unprovoked</text><third-party/>`)));
  const [row] = await kept();
  expect(row).toMatchObject({
    host,
    reporter: `romeo@${host}`,
    jid: `tybalt@${host}`,
    reason: "urn:xmpp:reporting:spam",
    text: "Unprovoked",
    consents: ["third-party"],
    resolved: null,
  });
  expect(row!.messages[0]!.xml).toContain("Thou art a villain");
  expect(row!.messages[1]).toEqual({ by: `tybalt@${host}`, id, xml: null });
  expect(await server.stores.personal.blocked(host, "romeo")).toEqual([`tybalt@${host}`]);
});

test.each([
  ["there is none", ""],
  ["it has no reason", `<report xmlns='${NS_REPORTING}'/>`],
  ["its reason is no reason", report("", "x".repeat(201))],
])("the block goes through and nothing is kept when %s", async (_, text) => {
  await block(item(`tybalt@${host}`, text));
  expect(await kept()).toEqual([]);
  expect(await server.stores.personal.blocked(host, "romeo")).toHaveLength(1);
});

test("each of several has its own", async () => {
  await block(
    `${item("a@x.example", report())}${item("b@x.example")}${item("c@x.example", report("", "urn:xmpp:reporting:abuse"))}`,
  );
  expect((await kept()).map(({ jid, reason }) => `${jid} ${reason}`)).toEqual([
    "c@x.example urn:xmpp:reporting:abuse",
    "a@x.example urn:xmpp:reporting:spam",
  ]);
});

test("nobody reports without end, and the old ones make room", async () => {
  for (const name of ["a", "b", "c", "d"]) await block(item(`${name}@x.example`, report()));
  expect(await kept()).toHaveLength(3);
  expect(server.complaints.map(({ message: text }) => text)).toEqual(["a report was not kept: there are too many"]);
  server.clock.advance(86_400_001);
  const [newest] = await kept();
  await server.stores.reports.resolve(newest!.id, "acted", "boss", "", 1);
  await block(item("e@x.example", report()));
  await block(item("f@x.example", report()));
  expect((await kept()).map(({ jid }) => jid)).toEqual(["f@x.example", "e@x.example", "b@x.example", "a@x.example"]);
  await block(item("g@x.example", report()));
  expect(await kept()).toHaveLength(4);
});

test("the host says that it takes reports", async () => {
  romeo.send(`<iq type='get' id='i' to='${host}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`);
  expect(String((await romeo.sync())[0])).toContain(NS_REPORTING);
});

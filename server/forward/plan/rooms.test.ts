import { afterEach, beforeEach, expect, test } from "vitest";
import { ForwardRule } from "../../../lib/contracts/forward-policy.ts";
import { ForwardTarget } from "../../../lib/contracts/forward-target.ts";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import { blocking } from "../../modules/blocking/module.ts";
import { disco } from "../../modules/disco/module.ts";
import { message } from "../../modules/message/module.ts";
import { muc } from "../../modules/muc/module.ts";
import { offline } from "../../modules/offline/module.ts";
import { presence } from "../../modules/presence/module.ts";
import { roster } from "../../modules/roster/module.ts";
import { forward } from "../module.ts";

const room = "ball@conference.capulet.example";
const juliet = "juliet@capulet.example";

let server: TestServer;
let romeo: TestClient;

beforeEach(async () => {
  server = await testServer({
    modules: [disco, roster, presence, blocking, message, forward, offline, muc],
    accounts: ["romeo@capulet.example", juliet, "nurse@capulet.example"],
    policy(draft) {
      const url = "https://example.org/hook";
      const rules = [{ name: "rooms", classes: ["groupchat", "mention"], targets: ["hook"] }];
      draft.forward = {
        targets: { hook: ForwardTarget.parse({ url, preset: "json" }) },
        rules: rules.map((rule) => ForwardRule.parse(rule)),
      };
    },
  });
  romeo = await server.connect("romeo@capulet.example/orchard");
  romeo.send(`<presence to='${room}/Montague'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
  await set("muc#owner", "<x xmlns='jabber:x:data' type='submit'/>");
  for (const user of [juliet, "nurse@capulet.example"])
    await set("muc#admin", `<item affiliation='member' jid='${user}'/>`);
});
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

async function set(ns: string, content: string): Promise<void> {
  romeo.send(
    `<iq type='set' id='s' to='${room}'><query xmlns='http://jabber.org/protocol/${ns}'>${content}</query></iq>`,
  );
  expect((await romeo.sync()).find(({ id }) => id === "s")?.type).toBe("result");
}
async function events(): Promise<unknown[]> {
  await server.stores.outbox.due();
  const { items } = await server.stores.outbox.list({}, { limit: 100 });
  return items.toReversed().map(({ class: kind, user, from, type }) => ({ kind, user, from, type }));
}
const say = (body: string): void =>
  romeo.send(`<message type='groupchat' id='g' to='${room}'><body>${body}</body></message>`);

test("what mentions an absent member of a room is forwarded to them", async () => {
  say("Soft!");
  say("But soft, Juliet");
  await romeo.sync();
  expect(await events()).toEqual([{ kind: "mention", user: juliet, from: `${room}/Montague`, type: "groupchat" }]);
});

test("a member who is there gets no forward", async () => {
  const client = await server.connect(`${juliet}/balcony`);
  client.send(`<presence to='${room}/Juliet'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
  await client.sync();
  say("But soft, Juliet and Nurse");
  await romeo.sync();
  expect(await events()).toMatchObject([{ user: "nurse@capulet.example" }]);
});

test.each([
  ["the room", room, []],
  ["the speaker there", `${room}/Montague`, []],
  ["all rooms", "conference.capulet.example", []],
  ["somebody else there", `${room}/Tybalt`, [{ user: juliet }]],
] as const)("an absent member who blocks %s", async (_, jid, expected) => {
  await server.stores.personal.setBlocked("capulet.example", "juliet", [jid], [], 10);
  say("But soft, Juliet");
  say("Juliet!");
  await romeo.sync();
  expect(await events()).toMatchObject([...expected, ...expected]);
});

test("forwards of a message are stored before its sender is told that it was taken", async () => {
  const order: string[] = [];
  const { offline: queue, archive } = server.stores;
  const commit = queue.commit.bind(queue);
  const keep = archive.keep.bind(archive);
  queue.commit = (unit) => {
    order.push("forward");
    return commit(unit);
  };
  archive.keep = (units) => {
    order.push("archive");
    return keep(units);
  };
  say("Juliet");
  await romeo.sync();
  expect(order).toEqual(["forward", "archive"]);
});

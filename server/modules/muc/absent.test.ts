import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import type { TestClient, TestServer } from "../../core/testing.ts";
import { admin, configure, coven, enter, founded, outcome, witches } from "./testing.ts";

/** crone1 owns the room; hag66, macbeth and duncan are members; only crone1 is there. */
let server: TestServer;
let crone: TestClient;
const told: string[] = [];

const listener = defineModule({
  name: "listener",
  summary: "For tests.",
  xeps: [],
  options: z.strictObject({}),
  start(ctx) {
    ctx.hook("groupchat/absent", ({ stanza, from, recipients }) => {
      const who = recipients.map(({ user, isMentioned }) => `${user.local}${isMentioned ? "!" : ""}`);
      told.push(`${from.resource}: ${stanza.childText("body")} -> ${who.toSorted().join(" ")}`);
      return undefined;
    });
  },
});

const jid = (name: string): string => `${name}@macbeth.example`;
const member = (name: string, nick = ""): Promise<string> =>
  outcome(crone, `<query ${admin}><item affiliation='member' jid='${jid(name)}' ${nick}/></query>`);

beforeEach(async () => {
  told.length = 0;
  server = await witches({}, { modules: [listener] });
  crone = await founded(server, { "muc#roomconfig_persistentroom": "1" });
  await member("hag66");
  await member("macbeth", "nick='Thane of Cawdor'");
  await member("duncan");
  await crone.sync();
});
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

async function say(body: string, more = ""): Promise<string[]> {
  crone.send(`<message type='groupchat' to='${coven}'><body>${body}</body>${more}</message>`);
  await crone.sync();
  return told.splice(0).map((line) => line.slice(line.indexOf(" -> ") + 4));
}
const reference = (uri: string, type = "mention"): string =>
  `<reference xmlns='urn:xmpp:reference:0' type='${type}' uri='${uri}'/>`;

describe("a room for everybody tells absent members of what mentions them", () => {
  test.each([
    ["nobody", "hail", "", []],
    ["the local part", "hail, Macbeth!", "", ["macbeth!"]],
    ["two of them", "duncan, meet hag66", "", ["duncan! hag66!"]],
    ["in a longer word", "macbeths hag667 duncane", "", []],
    ["in a longer word of another script", "яduncan duncanя", "", []],
    ["after an emoji", "👑duncan", "", ["duncan!"]],
    ["the nickname that they registered", "All hail, thane of cawdor", "", ["macbeth!"]],
    ["a reference to the user (XEP-0372)", "hail", reference("xmpp:macbeth@macbeth.example"), ["macbeth!"]],
    ["a reference to the nickname", "hail", reference(`xmpp:${coven}/Thane%20of%20Cawdor`), ["macbeth!"]],
    ["a reference of another kind", "hail", reference("xmpp:macbeth@macbeth.example", "data"), []],
    ["a reference to nothing", "hail", reference("xmpp:%"), []],
    ["the one who speaks", "I am crone1", "", []],
  ])("%s", async (_, body, more, expected) => {
    expect(await say(body, more)).toEqual(expected);
  });

  test("not those who are there", async () => {
    const hag = await server.connect(`${jid("hag66")}/pda`);
    await enter(hag, "thirdwitch");
    expect(await say("hag66 duncan")).toEqual(["duncan!"]);
    hag.send(`<presence type='unavailable' to='${coven}/thirdwitch'/>`);
    await hag.sync();
    expect(await say("hag66 duncan")).toEqual(["duncan! hag66!"]);
  });

  test("also those whose connection is lost", async () => {
    const hag = await server.connect(`${jid("hag66")}/pda`);
    await enter(hag, "thirdwitch");
    hag.session.keeper = {
      unconfirmed: [],
      written() {},
      onceConfirmed() {},
      mayWait: () => true,
    };
    hag.die();
    expect(await say("hag66")).toEqual(["hag66!"]);
  });

  test("neither who is banned nor who is elsewhere", async () => {
    await outcome(crone, `<query ${admin}><item affiliation='outcast' jid='${jid("duncan")}'/></query>`);
    await outcome(crone, `<query ${admin}><item affiliation='member' jid='banquo@elsewhere.example'/></query>`);
    expect(await say("duncan banquo")).toEqual([]);
  });

  test("nothing that is no text", async () => {
    crone.send(`<message type='groupchat' to='${coven}'><subject>duncan</subject></message>`);
    await crone.sync();
    expect(told).toEqual([]);
  });
});

test("a room for members tells them everything, and who is mentioned", async () => {
  await configure(crone, { "muc#roomconfig_membersonly": "1" });
  expect(await say("hail, Duncan")).toEqual(["duncan! hag66 macbeth"]);
});

test.each([
  ["all", ["duncan! hag66 macbeth"]],
  ["mentions", ["duncan!"]],
  ["none", []],
])("a room whose owner wants it so: %s", async (policy, expected) => {
  await configure(crone, { "nightpost#absent": policy });
  expect(await say("hail, Duncan")).toEqual(expected);
});

test("a long text of one letter is no burden", async () => {
  await member("aaaa");
  const start = performance.now();
  await say("a".repeat(100_000));
  expect(performance.now() - start).toBeLessThan(1000);
});

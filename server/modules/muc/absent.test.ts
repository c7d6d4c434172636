import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import type { TestClient, TestServer } from "../../core/testing.ts";
import { pep } from "../pubsub/pep.ts";
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
      isSendingAgain: false,
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

describe("members choose for themselves (XEP-0492)", () => {
  const bookmarks = "urn:xmpp:bookmarks:1";
  const choose = async (client: TestClient, settings: string): Promise<void> => {
    const notify = `<notify xmlns='urn:xmpp:notification-settings:1'>${settings}</notify>`;
    client.send(
      "<iq type='set' id='p'><pubsub xmlns='http://jabber.org/protocol/pubsub'>" +
        `<publish node='${bookmarks}'><item id='${coven}'><conference xmlns='${bookmarks}'>` +
        `<extensions>${notify}</extensions></conference></item></publish></pubsub></iq>`,
    );
    const answer = (await client.sync()).find(({ id }) => id === "p");
    expect(answer?.type).toBe("result");
  };
  const heard = async (body: string): Promise<string[]> => {
    const lines = await say(body);
    // What was looked up first is told a little later.
    return lines.length > 0 ? lines : say("!");
  };
  let duncan: TestClient;

  beforeEach(async () => {
    await server.stop();
    server = await witches({}, { modules: [pep, listener] });
    crone = await founded(server, { "muc#roomconfig_persistentroom": "1" });
    await member("hag66");
    await member("duncan");
    duncan = await server.connect(`${jid("duncan")}/x`);
    await crone.sync();
  });

  test.each([
    ["always", "<always/>", ["duncan"]],
    ["on-mention", "<on-mention/>", []],
    ["never", "<never/>", []],
    ["what is for phones, first", "<never/><always identity-category='client' identity-type='phone'/>", ["duncan"]],
    ["what is for clients, second", "<never/><always identity-category='client'/>", ["duncan"]],
    ["not what is for others", "<never/><always identity-category='client' identity-type='pc'/>", []],
    ["nothing that is known", "<sometimes/>", []],
  ])("%s", async (_, settings, expected) => {
    await choose(duncan, settings);
    await say("warm");
    expect(await say("hail")).toEqual(expected);
  });

  test("never is never, and a change counts at once", async () => {
    await choose(duncan, "<never/>");
    await heard("warm");
    expect(await say("hail, Duncan")).toEqual([]);
    await choose(duncan, "<on-mention/>");
    await heard("warm");
    expect(await say("hail, Duncan")).toEqual(["duncan!"]);
  });

  test("where the owner wants nobody told, nobody is", async () => {
    await configure(crone, { "nightpost#absent": "none" });
    await choose(duncan, "<always/>");
    await heard("warm");
    expect(await say("hail, Duncan")).toEqual([]);
  });

  test("where very many are away, the room's value counts", async () => {
    await choose(duncan, "<always/>");
    const items = Array.from({ length: 999 }, (_, n) => `<item affiliation='member' jid='${jid(`m${n}`)}'/>`);
    await outcome(crone, `<query ${admin}>${items.join("")}</query>`);
    await heard("warm");
    expect(await say("hail")).toEqual([]);
    await outcome(crone, `<query ${admin}><item affiliation='none' jid='${jid("m1")}'/></query>`);
    await heard("warm");
    await expect.poll(() => say("hail")).toEqual(["duncan"]);
  });

  test("messages are told in order, whatever has to be looked up", async () => {
    await choose(duncan, "<always/>");
    for (const body of ["one", "two", "three"])
      crone.send(`<message type='groupchat' to='${coven}'><body>${body}</body></message>`);
    await expect.poll(() => told.length).toBe(3);
    expect(told.map((line) => line.split(" ")[1])).toEqual(["one", "two", "three"]);
  });
});

test("a long text of one letter is no burden", async () => {
  await member("aaaa");
  const start = performance.now();
  await say("a".repeat(100_000));
  expect(performance.now() - start).toBeLessThan(1000);
});

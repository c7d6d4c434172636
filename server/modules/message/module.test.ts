import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import { presence } from "../presence/module.ts";
import { message } from "./module.ts";

const types = ["normal", "chat", "groupchat", "headline", "error"] as const;
const user = "juliet@capulet.example";

/** Notes which messages came to the offline chain, and says that they are stored. */
let left: string[];
const chain = defineModule({
  name: "chain",
  summary: "For the test.",
  xeps: [],
  options: z.strictObject({}),
  start(ctx) {
    ctx.hook("message/offline", ({ packet, notStored }) => {
      left.push(packet.stanza.childText("body") ?? "");
      return notStored === null ? "stored" : undefined;
    });
    ctx.hook("offline/verdict", ({ stanza }) => (stanza.has("body") ? undefined : "no text"));
  },
});

let server: TestServer;
let romeo: TestClient;

async function start(options: Record<string, unknown> = {}): Promise<void> {
  left = [];
  server = await testServer({
    modules: [presence, message, chain],
    accounts: ["romeo@montague.example", user],
    policy(draft) {
      draft.modules["message"] = { enabled: true, options };
    },
  });
  romeo = await server.connect("romeo@montague.example/orchard");
}

beforeEach(() => start());

afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

/** Connects resources named after their priorities; `none` sends no presence. */
async function resources(...names: readonly string[]): Promise<TestClient[]> {
  const clients: TestClient[] = [];
  for (const name of names) {
    const client = await server.connect(`${user}/${name}`);
    if (name !== "none") client.send(`<presence><priority>${name}</priority></presence>`);
    clients.push(client);
  }
  for (const client of clients) await client.sync();
  return clients;
}

// RFC 6121 8.5.4, table 1, in its letters: D delivered to the resource, A to all with a priority of zero or more,
// O left to the offline chain, E error, S silence. Columns: normal, chat, groupchat, headline, error.
const table: readonly [condition: string, to: string, resources: string[], outcomes: string][] = [
  ["no such account, bare", "nobody@capulet.example", [], "E E E S S"],
  ["no such account, full", "nobody@capulet.example/x", [], "E E E S S"],
  ["no resource, bare", user, [], "O O E S S"],
  ["no resource, full", `${user}/x`, [], "O O E S S"],
  ["a resource without presence, bare", user, ["none"], "O O E S S"],
  ["a resource without presence, full match", `${user}/none`, ["none"], "D D D D D"],
  ["a negative resource, bare", user, ["-1"], "O O E S S"],
  ["a negative resource, full match", `${user}/-1`, ["-1"], "D D D D D"],
  ["a negative resource, full without match", `${user}/x`, ["-1"], "O O E S S"],
  ["one resource, bare", user, ["0", "-1"], "A A E A S"],
  ["one resource, full match", `${user}/0`, ["0", "-1"], "D D D D D"],
  ["one resource, full without match", `${user}/x`, ["0", "-1"], "E A E S S"],
  ["more resources, bare", user, ["0", "5", "-1"], "A A E A S"],
  ["more resources, full match", `${user}/5`, ["0", "5", "-1"], "D D D D D"],
  ["more resources, full without match", `${user}/x`, ["0", "5", "-1"], "E A E S S"],
];

describe("RFC 6121 8.5", () => {
  test.each(table)("%s", async (_, to, names, outcomes) => {
    const clients = await resources(...names);
    const seen: string[] = [];
    for (const type of types) {
      left = [];
      romeo.send(`<message type='${type}' to='${to}' id='m'><body>${type}</body></message>`);
      const answers = await romeo.sync();
      const takers: string[] = [];
      for (const client of clients) {
        const received = await client.sync();
        if (received.length > 0) takers.push(client.session.jid.resource);
        for (const stanza of received) {
          expect(String(stanza)).toBe(
            `<message to='${to}' from='${romeo.jid}' type='${type}' id='m'><body>${type}</body></message>`,
          );
        }
      }
      const all = names.filter((name) => Number(name) >= 0);
      if (answers.length > 0) {
        expect(answers[0]!.child("error")?.payload?.name).toBe("service-unavailable");
        seen.push("E");
      } else if (takers.length === 1 && to.endsWith(`/${takers[0]}`)) seen.push("D");
      else if (takers.length > 0 && takers.join() === all.join()) seen.push("A");
      else if (left.length > 0) seen.push("O");
      else seen.push("S");
    }
    expect(seen.join(" ")).toBe(outcomes);
  });

  test("a type that nobody knows, and none, are normal", async () => {
    await resources();
    for (const type of ["", " type='greeting'"]) romeo.send(`<message${type} to='${user}'><body>hi</body></message>`);
    await romeo.expect();
    expect(left).toEqual(["hi", "hi"]);
  });

  test("a message to oneself reaches one's other resources, too", async () => {
    romeo.send("<presence/>");
    await romeo.sync();
    romeo.send("<message type='chat'><body>note</body></message>");
    await romeo.expect(`<message from='${romeo.jid}' type='chat'><body>note</body></message>`);
  });

  test("chat_to: highest", async () => {
    await server.stop();
    await start({ chat_to: "highest" });
    const clients = await resources("0", "5");
    romeo.send(`<message type='chat' to='${user}'><body>hi</body></message>`);
    await romeo.sync();
    expect((await clients[0]!.sync()).length).toBe(0);
    expect((await clients[1]!.sync()).length).toBe(1);
  });

  test("signals that find nobody are dropped alike, whether the account exists or not", async () => {
    for (const to of [user, "nobody@capulet.example"]) {
      romeo.send(`<message type='chat' to='${to}'><active xmlns='http://jabber.org/protocol/chatstates'/></message>`);
    }
    await romeo.expect();
  });

  test("messages keep their order while it is found out whether the account exists", async () => {
    for (let n = 0; n < 5; n += 1) romeo.send(`<message type='chat' to='${user}'><body>${n}</body></message>`);
    await romeo.sync();
    expect(left).toEqual(["0", "1", "2", "3", "4"]);
  });
});

describe("forgeries", () => {
  const forged = [
    "<stanza-id xmlns='urn:xmpp:sid:0' by='capulet.example' id='1'/>",
    `<stanza-id xmlns='urn:xmpp:sid:0' by='${user}' id='1'/>`,
    "<delay xmlns='urn:xmpp:delay' from='montague.example' stamp='2020-01-01T00:00:00Z'/>",
    "<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'/></received>",
    "<sent xmlns='urn:xmpp:carbons:2'/>",
    "<result xmlns='urn:xmpp:mam:2' id='1'/>",
    "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='1'/>",
    "<x xmlns='http://jabber.org/protocol/muc#user'/>",
  ];
  const genuine = [
    "<origin-id xmlns='urn:xmpp:sid:0' id='1'/>",
    "<stanza-id xmlns='urn:xmpp:sid:0' by='elsewhere.example' id='1'/>",
    "<delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/>",
    "<private xmlns='urn:xmpp:carbons:2'/>",
    "<x xmlns='jabber:x:oob'/>",
  ];
  const deliver = async (extension: string): Promise<string> => {
    const [juliet] = await resources("0");
    romeo.send(`<message type='chat' to='${user}'><body>hi</body>${extension}<thread>t</thread></message>`);
    await romeo.sync();
    return (await juliet!.texts()).join("");
  };
  const plain = `<message to='${user}' from='romeo@montague.example/orchard' type='chat'><body>hi</body>`;

  test.each(forged)("%s does not get through", async (extension) => {
    expect(await deliver(extension)).toBe(`${plain}<thread>t</thread></message>`);
  });
  test.each(genuine)("%s gets through", async (extension) => {
    expect(await deliver(extension)).toBe(`${plain}${extension}<thread>t</thread></message>`);
  });
});

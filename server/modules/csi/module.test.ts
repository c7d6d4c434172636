import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { message } from "../message/module.ts";
import { presence } from "../presence/module.ts";
import { clientState } from "./module.ts";

let server: TestServer;
let phone: TestClient;
let romeo: TestClient;
let seen = 0;
const composing = "<composing xmlns='http://jabber.org/protocol/chatstates'/>";

beforeEach(async () => {
  server = await testServer({
    modules: [presence, message, clientState],
    accounts: ["romeo@localhost", "juliet@localhost"],
    policy(draft) {
      draft.modules["client-state"] = { enabled: true, options: { max_kept: 3 } };
    },
  });
  phone = await server.connect("juliet@localhost/phone");
  romeo = await server.connect("romeo@localhost/orchard");
  phone.send("<presence/>");
  await phone.sync();
  seen = phone.session.stanzasOut;
  tell("inactive");
});
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

/** What the stream hands to the feature. */
function tell(state: "active" | "inactive"): void {
  const host = server.core.hosts.get("localhost")!;
  const feature = host.featureFor("urn:xmpp:csi:0", state)!;
  const stream = { session: phone.session } as Parameters<typeof feature.handle>[0];
  void feature.handle(stream, Stanza.parse(`<${state} xmlns='urn:xmpp:csi:0'/>`));
}
const show = (what: string): void =>
  romeo.send(`<presence to='juliet@localhost/phone'><show>${what}</show></presence>`);
const write = (content: string): void =>
  romeo.send(`<message type='chat' to='juliet@localhost/phone'>${content}</message>`);
/** What left for the phone since the last time. It asks nothing itself: an answer would bring along what waits. */
async function received(): Promise<string[]> {
  await romeo.sync();
  const count = phone.session.stanzasOut - seen;
  seen += count;
  const stanzas = count === 0 ? [] : await phone.take(count);
  return stanzas.map(String).map((text) => /<show>.*<\/show>|<body>.*<\/body>|composing/.exec(text)?.[0] ?? text);
}

test("presence and chat states wait, the newest of each, until the client is active", async () => {
  show("away");
  write(composing);
  show("dnd");
  expect(await received()).toEqual([]);
  tell("active");
  expect(await received()).toEqual(["composing", "<show>dnd</show>"]);
  show("xa");
  expect(await received()).toEqual(["<show>xa</show>"]);
});

test("a message goes at once, and before it whatever waited", async () => {
  show("away");
  write("<body>hi</body>");
  expect(await received()).toEqual(["<show>away</show>", "<body>hi</body>"]);
  show("dnd");
  expect(await received()).toEqual([]);
});

test("so much waits and no more", async () => {
  for (const name of ["one", "two", "three", "four"]) {
    const other = await server.connect(`romeo@localhost/${name}`);
    other.send("<presence to='juliet@localhost/phone'/>");
    await other.sync();
    expect(await received()).toHaveLength(name === "four" ? 4 : 0);
  }
});

test("and not more than so many bytes, whatever somebody sends", async () => {
  const long = `<thread>${"x".repeat(100_000)}</thread>`;
  for (const name of ["one", "two", "three"]) {
    const other = await server.connect(`romeo@localhost/${name}`);
    const send = (): void => other.send(`<message to='juliet@localhost/phone'>${composing}${long}</message>`);
    // The same one again takes the place of the one before.
    for (let round = 0; round < 3; round += 1) send();
    await other.sync();
    expect((await received()).length).toBe(name === "three" ? 3 : 0);
  }
});

test("when the module stops, nothing is left behind", async () => {
  show("away");
  await romeo.sync();
  await server.loader.stop();
  expect((await phone.take(1)).map(String).join()).toContain("away");
});

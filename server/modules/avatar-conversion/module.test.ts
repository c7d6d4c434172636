import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import { Jid } from "../../xmpp/jid.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { disco } from "../disco/module.ts";
import { message } from "../message/module.ts";
import { presence } from "../presence/module.ts";
import { pep } from "../pubsub/pep.ts";
import { appear, outcome, publishing, pubsub } from "../pubsub/testing.ts";
import { roster } from "../roster/module.ts";
import { vcard } from "../vcard.ts";
import { avatarConversion } from "./module.ts";
import { withHash } from "./update.ts";

const ROMEO = "romeo@montague.example";
const JULIET = "juliet@montague.example";
const picture = Buffer.from("a picture of romeo");
const base64 = picture.toString("base64");
const id = createHash("sha1").update(picture).digest("hex");
const METADATA = "urn:xmpp:avatar:metadata";
const DATA = "urn:xmpp:avatar:data";
const info = `<metadata xmlns='${METADATA}'><info id='${id}' bytes='${picture.length}' type='image/gif'/></metadata>`;

let server: TestServer;
let romeo: TestClient;
let juliet: TestClient;

beforeEach(async () => {
  server = await testServer({
    modules: [roster, presence, message, disco, vcard, pep, avatarConversion],
    accounts: [ROMEO, JULIET],
  });
  romeo = await server.connect(`${ROMEO}/orchard`);
  juliet = await server.connect(`${JULIET}/balcony`);
});

afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

const ask = async (client: TestClient, xml: string): Promise<Stanza> => {
  client.send(xml);
  return (await client.sync()).find(({ kind }) => kind === "iq")!;
};
const cardSeenBy = async (client: TestClient): Promise<string> => {
  const answer = await ask(client, `<iq type='get' id='v' to='${ROMEO}'><vCard xmlns='vcard-temp'/></iq>`);
  return String(answer.payload?.name === "vCard" ? answer.payload : outcome(answer));
};
const setCard = (content: string): Promise<Stanza> =>
  ask(romeo, `<iq type='set' id='v'><vCard xmlns='vcard-temp'>${content}</vCard></iq>`);
const photo = `<PHOTO><TYPE>image/gif</TYPE><BINVAL>${base64.slice(0, 6)}\n ${base64.slice(6)}</BINVAL></PHOTO>`;
const shownPhoto = `<PHOTO><TYPE>image/gif</TYPE><BINVAL>${base64}</BINVAL></PHOTO>`;
const publishAvatar = async (options: Record<string, string> = {}): Promise<void> => {
  const data = `<data xmlns='${DATA}'>${base64}</data>`;
  expect(outcome(await ask(romeo, pubsub("set", publishing(DATA, id, data, options))))).toBe("result");
  expect(outcome(await ask(romeo, pubsub("set", publishing(METADATA, id, info, options))))).toBe("result");
};
const presenceSeen = async (xml: string): Promise<Stanza> => {
  romeo.send(xml);
  return (await romeo.sync()).findLast(({ kind }) => kind === "presence")!;
};
const hashIn = (stanza: Stanza): string | undefined => stanza.child("x", "vcard-temp:x:update")?.childText("photo");

test("a published picture is in the vCard, for those who may see it", async () => {
  await setCard("<FN>Romeo</FN>");
  await publishAvatar();
  expect(await cardSeenBy(romeo)).toBe(`<vCard xmlns='vcard-temp'><FN>Romeo</FN>${shownPhoto}</vCard>`);
  expect(await cardSeenBy(juliet)).toBe("<vCard xmlns='vcard-temp'><FN>Romeo</FN></vCard>");
});

test("an open one is there for everybody, also without a card", async () => {
  await publishAvatar({ access_model: "open" });
  expect(await cardSeenBy(juliet)).toBe(`<vCard xmlns='vcard-temp'>${shownPhoto}</vCard>`);
  await ask(romeo, pubsub("set", publishing(METADATA, "x", `<metadata xmlns='${METADATA}'/>`)));
  expect(await cardSeenBy(juliet)).toBe("item-not-found");
});

test("data that is not what its id says is not shown", async () => {
  await ask(romeo, pubsub("set", publishing(DATA, id, `<data xmlns='${DATA}'>AAAA</data>`)));
  await ask(romeo, pubsub("set", publishing(METADATA, id, info)));
  expect(await cardSeenBy(romeo)).toBe("item-not-found");
});

test("an item that says nothing, or cannot be read again, is no picture", async () => {
  await setCard(photo);
  const attributes = Array.from({ length: 150 }, (_, index) => `p:a${index}='1'`).join(" ");
  const odd = `<metadata xmlns='${METADATA}' xmlns:p='urn:p' ${attributes}/>`;
  expect(outcome(await ask(romeo, pubsub("set", publishing(METADATA, "odd", odd))))).toBe("result");
  expect(await cardSeenBy(juliet)).toBe("<vCard xmlns='vcard-temp'/>");
  expect(hashIn(await presenceSeen("<presence/>"))).toBeUndefined();
});

test("a vCard with a picture publishes it; one without takes it away", async () => {
  await appear(romeo, [METADATA]);
  await setCard(`<FN>Romeo</FN>${photo}`);
  const metadata = await ask(juliet, pubsub("get", `<items node='${METADATA}'/>`, { to: ROMEO }));
  expect(String(metadata.payload)).toContain(`<info id='${id}' type='image/gif' bytes='${picture.length}'/>`);
  const data = await ask(juliet, pubsub("get", `<items node='${DATA}'/>`, { to: ROMEO }));
  expect(String(data.payload)).toContain(`<item id='${id}'><data xmlns='${DATA}'>${base64}</data></item>`);
  expect(await cardSeenBy(juliet)).toContain(shownPhoto);
  await setCard("<FN>Romeo</FN>");
  expect(await cardSeenBy(juliet)).toBe("<vCard xmlns='vcard-temp'><FN>Romeo</FN></vCard>");
});

test("the same picture once more is no news", async () => {
  await setCard(photo);
  romeo.send(`<presence><c xmlns='http://jabber.org/protocol/caps' node='n' ver='v'/></presence>`);
  await appear(romeo, [METADATA]);
  romeo.send(`<iq type='set' id='v'><vCard xmlns='vcard-temp'>${photo}<FN>Romeo</FN></vCard></iq>`);
  expect((await romeo.sync()).filter(({ kind }) => kind === "message")).toEqual([]);
});

describe("presence", () => {
  test("names the picture, and a new one at once", async () => {
    expect(hashIn(await presenceSeen("<presence/>"))).toBeUndefined();
    romeo.send(pubsub("set", publishing(DATA, id, `<data xmlns='${DATA}'>${base64}</data>`)));
    await romeo.sync();
    romeo.send(pubsub("set", publishing(METADATA, id, info)));
    const told = (await romeo.sync()).find(({ kind }) => kind === "presence");
    expect(hashIn(told!)).toBe(id);
    expect(hashIn(await presenceSeen("<presence><show>away</show></presence>"))).toBe(id);
    const field = await server.connect(`${ROMEO}/field`);
    field.send("<presence/>");
    expect((await field.sync()).map(hashIn)).toEqual([id, id]);
  });

  test("also to somebody in particular", async () => {
    await setCard(photo);
    romeo.send(`<presence to='${juliet.jid}'/>`);
    await romeo.sync();
    expect((await juliet.sync()).map(hashIn)).toEqual([id]);
  });

  test("a picture in a vCard from elsewhere counts, once the account is imported", async () => {
    romeo.end();
    await server.stores.personal.setVcard("montague.example", "romeo", `<vCard xmlns='vcard-temp'>${photo}</vCard>`);
    await server.core.hosts.get("montague.example")!.hooks.fire("account/imported", { user: Jid.parse(ROMEO) });
    romeo = await server.connect(`${ROMEO}/orchard`);
    expect(hashIn(await presenceSeen("<presence/>"))).toBe(id);
    expect(await cardSeenBy(juliet)).toContain("<BINVAL>");
  });

  test("names the picture of the last time, and another one that came meanwhile", async () => {
    await setCard(photo);
    romeo.end();
    romeo = await server.connect(`${ROMEO}/orchard`);
    expect(hashIn(await presenceSeen("<presence/>"))).toBe(id);
    romeo.end();
    const user = Jid.parse(ROMEO);
    const wish = { user, retract: [], options: {}, required: {}, by: "test" };
    const empty = { id: "none", payload: `<metadata xmlns='${METADATA}'/>` };
    const { hooks } = server.core.hosts.get("montague.example")!;
    await hooks.fire("pep/publish", { ...wish, node: METADATA, items: [empty] });
    romeo = await server.connect(`${ROMEO}/orchard`);
    expect(hashIn(await presenceSeen("<presence/>"))).toBeUndefined();
  });

  const x = (content: string): string => `<x xmlns='vcard-temp:x:update'>${content}</x>`;
  test.each([
    ["none, nothing asked", "", "", ""],
    ["none, not ready yet", x(""), "", x("<photo/>")],
    ["none, another named", x("<photo>other</photo>"), "", x("<photo>other</photo>")],
    ["one, nothing asked", "", "abc", x("<photo>abc</photo>")],
    ["one, not ready yet", x(""), "abc", x("<photo>abc</photo>")],
    ["one, hidden by the client", x("<photo/>"), "abc", x("<photo/>")],
    ["one, another named", x("<photo>other</photo>"), "abc", x("<photo>abc</photo>")],
    ["one, the same named", x("<photo>abc</photo>"), "abc", x("<photo>abc</photo>")],
  ])("%s", (_, given, hash, expected) => {
    const stanza = Stanza.parse(`<presence>${given}<show>away</show></presence>`);
    const [other] = [String(Stanza.parse(`<presence><show>away</show>${expected}</presence>`).element)];
    const changed = withHash(stanza, hash);
    expect(changed === stanza).toBe(given === expected);
    if (changed !== stanza) expect(String(changed.element)).toBe(other);
  });
});

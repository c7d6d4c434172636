import { afterEach, beforeEach, expect, test } from "vitest";
import { adminTestServer, type AdminTestServer, boss, user, warden } from "./testing.ts";

const png = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(40, 1)]).toString("base64");
const jpeg = Buffer.concat([Buffer.from("ffd8ff", "hex"), Buffer.alloc(40, 1)]).toString("base64");
const svg = Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>").toString("base64");
const owner = { host: "a.example", local: "user" };

let server: AdminTestServer;
beforeEach(async () => {
  server = await adminTestServer();
});
afterEach(() => server.stop());

const card = async (jid: string = user, as?: Record<string, string>) =>
  server.ask("GET", `/api/v1/users/${jid}/card`, { as: as ?? (await server.signIn(boss)) });
const vcard = (...inside: string[]) =>
  server.stores.personal.setVcard(owner.host, owner.local, `<vCard xmlns='vcard-temp'>${inside.join("")}</vCard>`);
const photo = (base64: string, type = "image/png") => `<PHOTO><TYPE>${type}</TYPE><BINVAL>${base64}</BINVAL></PHOTO>`;
const publish = (node: string, id: string, payload: string) =>
  server.stores.nodes.publish(
    owner,
    node,
    [{ id, publisher: user, at: 1, expiresAt: null, payload }],
    { config: "{}", createdAt: 1, creator: user },
    1,
    { maxNodes: 10, maxBytes: 1_000_000 },
  );

test("an account that has published nothing has neither", async () => {
  expect((await card()).body).toEqual({ name: null, avatar: null });
});

test.each<[string, string[], object]>([
  ["a picture", [photo(png)], { avatar: { type: "image/png", base64: png } }],
  ["broken into lines", [photo(`${png.slice(0, 20)}\n  ${png.slice(20)}`)], { avatar: { base64: png } }],
  ["what the bytes say, not the type", [photo(jpeg, "image/svg+xml")], { avatar: { type: "image/jpeg" } }],
  ["no drawing", [photo(svg)], { avatar: null }],
  ["nothing that is not base64", [photo("&lt;svg/&gt;")], { avatar: null }],
  [
    "nothing large",
    [photo(Buffer.concat([Buffer.from(png, "base64"), Buffer.alloc(300_000)]).toString("base64"))],
    { avatar: null },
  ],
  ["the full name", ["<FN> Romeo Montague </FN>", "<NICKNAME>Rom</NICKNAME>"], { name: "Romeo Montague" }],
  ["else the nickname", ["<FN/>", "<NICKNAME>Rom</NICKNAME>"], { name: "Rom" }],
  ["no long name", [`<FN>${"x".repeat(1000)}</FN>`], { name: "x".repeat(200) }],
])("of a vCard: %s", async (_what, inside, expected) => {
  await vcard(...inside);
  expect((await card()).body).toMatchObject(expected);
});

test("what was published as XEP-0084 says comes first", async () => {
  await vcard(photo(png));
  await publish("urn:xmpp:avatar:data", "abc", `<data xmlns='urn:xmpp:avatar:data'>${jpeg}</data>`);
  expect((await card()).body).toMatchObject({ avatar: { type: "image/png" } });
  const info = "<info id='abc' type='image/png' bytes='43'/>";
  await publish("urn:xmpp:avatar:metadata", "abc", `<metadata xmlns='urn:xmpp:avatar:metadata'>${info}</metadata>`);
  expect((await card()).body).toMatchObject({ avatar: { type: "image/jpeg", base64: jpeg } });
});

test("the list of accounts has the names, a picture beside them or not", async () => {
  await vcard("<FN>Romeo</FN>", photo(png), "<NICKNAME>Rom</NICKNAME>");
  const as = await server.signIn(boss);
  const { body } = await server.ask("GET", "/api/v1/users?host=a.example", { as });
  const named = (body["items"] as { jid: string; name: string | null }[]).map(({ jid, name }) => [jid, name]);
  expect(named).toEqual([
    [boss, null],
    [user, "Romeo"],
    [warden, null],
  ]);
});

test("is for those who may see the account", async () => {
  expect((await card("nobody@a.example")).status).toBe(404);
  expect((await card("user@b.example", await server.signIn(warden))).status).toBe(403);
  expect((await card(user, await server.key(["hosts:read"]))).status).toBe(403);
});

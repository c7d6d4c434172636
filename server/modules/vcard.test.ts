import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../core/testing.ts";
import { vcard } from "./vcard.ts";

let server: TestServer;
let romeo: TestClient;

beforeEach(async () => {
  server = await testServer({ modules: [vcard], accounts: ["romeo@montague.example", "juliet@montague.example"] });
  romeo = await server.connect("romeo@montague.example/orchard");
});

afterEach(() => server.stop());

const get = (to = ""): string => `<iq type='get' id='v'${to && ` to='${to}'`}><vCard xmlns='vcard-temp'/></iq>`;
const card = "<vCard xmlns='vcard-temp'><FN>Romeo &amp; Co</FN><N><GIVEN>Romeo</GIVEN></N></vCard>";
const condition = async (client: TestClient): Promise<string> =>
  (await client.sync())[0]?.child("error")?.payload?.name ?? "none";

test("is kept for everybody to read", async () => {
  romeo.send(`<iq type='set' id='s'>${card}</iq>`);
  await romeo.expect(`<iq type='result' id='s' to='${romeo.jid}'/>`);
  const juliet = await server.connect("juliet@montague.example/balcony");
  juliet.send(get("romeo@montague.example"));
  await juliet.expect(`<iq type='result' id='v' from='romeo@montague.example' to='${juliet.jid}'>${card}</iq>`);
});

test("there is none, or there is nobody: the same answer", async () => {
  for (const to of ["", "juliet@montague.example", "nobody@montague.example"]) {
    romeo.send(get(to));
    expect(await condition(romeo)).toBe("item-not-found");
  }
});

test("nobody writes another's", async () => {
  romeo.send(`<iq type='set' id='s' to='juliet@montague.example'>${card}</iq>`);
  expect(await condition(romeo)).toBe("forbidden");
  expect(await server.stores.personal.vcard("montague.example", "juliet")).toBeNull();
});

test("has a limit", async () => {
  romeo.send(`<iq type='set' id='s'><vCard xmlns='vcard-temp'><NOTE>${"x".repeat(64 * 1024)}</NOTE></vCard></iq>`);
  expect(await condition(romeo)).toBe("policy-violation");
});

import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../core/testing.ts";
import { displayedSync } from "./displayed-sync.ts";
import { message } from "./message/module.ts";
import { presence } from "./presence/module.ts";
import { pep } from "./pubsub/pep.ts";
import { appear, pubsub, turn } from "./pubsub/testing.ts";
import { roster } from "./roster/module.ts";

const ROMEO = "romeo@montague.example";
const JULIET = "juliet@montague.example";
const NODE = "urn:xmpp:mds:displayed:0";

let server: TestServer;
let phone: TestClient;
let laptop: TestClient;
let juliet: TestClient;

beforeEach(async () => {
  server = await testServer({ modules: [roster, presence, message, pep, displayedSync], accounts: [ROMEO, JULIET] });
  phone = await server.connect(`${ROMEO}/phone`);
  laptop = await server.connect(`${ROMEO}/laptop`);
  juliet = await server.connect(`${JULIET}/balcony`);
  await appear(juliet, []);
  await appear(laptop, [NODE]);
});

afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

const displayed = (id: string): string =>
  `<displayed xmlns='${NODE}'><stanza-id xmlns='urn:xmpp:sid:0' by='${ROMEO}' id='${id}'/></displayed>`;
const marker = "<displayed xmlns='urn:xmpp:chat-markers:0' id='m'/>";

test("how far was read is published and stripped; the rest arrives", async () => {
  phone.send(`<message to='${JULIET}' id='x'>${marker}${displayed("one")}</message>`);
  await phone.sync();
  await turn();
  await juliet.expect(`<message from='${phone.jid}' to='${JULIET}' id='x'>${marker}</message>`);
  const [event] = await laptop.sync();
  expect(String(event?.payload)).toContain(`<item id='${JULIET}'>${displayed("one")}</item>`);
  phone.send(pubsub("get", `<items node='${NODE}'/>`));
  expect(String((await phone.sync())[0]?.payload)).toContain(`<item id='${JULIET}'>${displayed("one")}</item>`);
  juliet.send(pubsub("get", `<items node='${NODE}'/>`, { to: ROMEO }));
  expect(String((await juliet.sync())[0]?.payload)).toContain("not-allowed");
});

test("one that names no message is stripped and forgotten", async () => {
  phone.send(`<message to='${JULIET}'><body>Hi</body><displayed xmlns='${NODE}'/></message>`);
  await phone.sync();
  await turn();
  expect((await juliet.texts())[0]).not.toContain(NODE);
  expect(await laptop.sync()).toEqual([]);
});

import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../core/testing.ts";
import { NS } from "../xmpp/namespaces.ts";
import { diskGuard } from "./disk-guard.ts";
import { message } from "./message/module.ts";
import { offline } from "./offline/module.ts";

let server: TestServer;
let romeo: TestClient;

beforeEach(async () => {
  server = await testServer({
    modules: [message, offline, diskGuard],
    accounts: ["romeo@localhost", "juliet@localhost"],
  });
  romeo = await server.connect("romeo@localhost/orchard");
});
afterEach(() => server.stop());

test("a full disk refuses messages until there is room, and loses none that was taken", async () => {
  const write = "<message type='chat' id='m' to='juliet@localhost'><body>hi</body></message>";
  const waiting = async (): Promise<number> => (await server.stores.offline.depth("localhost", "juliet")).messages;
  romeo.send(write);
  expect(await romeo.sync()).toEqual([]);
  server.core.disk.seen(1024);
  romeo.send(write);
  const [refused] = await romeo.sync();
  expect(refused!.child("error")?.attr("type")).toBe("wait");
  expect(refused!.child("error")?.child("resource-constraint", NS.stanzas)).toBeDefined();
  expect(await waiting()).toBe(1);
  server.core.disk.seen(1e9);
  romeo.send(write);
  expect(await romeo.sync()).toEqual([]);
  expect(await waiting()).toBe(2);
});

import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../core/testing.ts";
import { ping } from "../modules/ping.ts";
import { NS } from "../xmpp/namespaces.ts";
import { publisher } from "./publisher.ts";
import type { Publish } from "./transport.ts";

let server: TestServer;
let app: TestClient;
let publish: Publish;
const payload = `<pubsub xmlns='${NS.pubsub}'><publish node='n'/></pubsub>`;

beforeEach(async () => {
  server = await testServer({ modules: [ping], accounts: ["app@example.org"] });
  app = await server.connect("app@example.org/server");
  publish = publisher(server.core);
});
afterEach(() => server.stop());

async function answered(reply: string) {
  const answer = publish({ host: "example.org", jid: app.jid, payload });
  const [iq] = await app.take(1);
  expect([iq!.type, iq!.from, iq!.child("pubsub", NS.pubsub)?.child("publish")?.attr("node")]).toEqual([
    "set",
    "example.org",
    "n",
  ]);
  app.send(reply.replace("ID", iq!.id!));
  return answer;
}

test("a result", async () => {
  expect(await answered("<iq type='result' id='ID' to='example.org'/>")).toEqual({ kind: "result" });
});

test.each([
  [
    "with a text",
    `<error type='cancel'><item-not-found xmlns='${NS.stanzas}'/><text xmlns='${NS.stanzas}'>gone</text></error>`,
    { type: "cancel", condition: "item-not-found", text: "gone" },
  ],
  [
    "with its text first",
    `<error type='wait'><text xmlns='${NS.stanzas}'/><conflict xmlns='${NS.stanzas}'/></error>`,
    { type: "wait", condition: "conflict", text: "" },
  ],
  ["with nothing in it", "<error/>", { type: "cancel", condition: "undefined-condition", text: "" }],
  ["with nothing at all", "", { type: "cancel", condition: "undefined-condition", text: "" }],
])("an error %s", async (_, error, expected) => {
  const answer = await answered(`<iq type='error' id='ID' to='example.org'>${error}</iq>`);
  expect(answer).toEqual({ kind: "error", ...expected });
});

test.each([
  ["an app server that is away", { jid: "app@example.org/elsewhere" }, "service-unavailable"],
  ["one on a server that cannot be reached", { jid: "push.example" }, "remote-server-not-found"],
  ["a host that is gone", { host: "gone.example" }, "item-not-found"],
  ["an address that is none", { jid: "@" }, "jid-malformed"],
  ["a payload that is no XML", { payload: "<pubsub>" }, "bad-request"],
])("%s", async (_, over, condition) => {
  expect(await publish({ host: "example.org", jid: app.jid, payload, ...over })).toMatchObject({
    kind: "error",
    condition,
  });
});

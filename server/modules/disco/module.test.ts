import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { ping } from "../ping.ts";
import { roster } from "../roster/module.ts";
import { capsElement, capsVersion } from "./caps.ts";
import { disco } from "./module.ts";

let server: TestServer;
let romeo: TestClient;

beforeEach(async () => {
  server = await testServer({
    modules: [roster, disco, ping],
    accounts: ["romeo@montague.example", "juliet@montague.example"],
  });
  romeo = await server.connect("romeo@montague.example/orchard");
});

afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

const ask = (what: "info" | "items", to: string, node = ""): void =>
  romeo.send(
    `<iq type='get' id='d' to='${to}'><query xmlns='http://jabber.org/protocol/disco#${what}'${node && ` node='${node}'`}/></iq>`,
  );
const hostInfo = (node = ""): string =>
  `<query xmlns='${NS.discoInfo}'${node}><identity category='server' type='im' name='Nightpost'/>` +
  [NS.caps, NS.discoInfo, NS.discoItems, NS.roster, "urn:xmpp:caps", NS.ping]
    .map((feature) => `<feature var='${feature}'/>`)
    .join("") +
  "</query>";

test("the host names what its modules do", async () => {
  ask("info", "montague.example");
  await romeo.expect(`<iq type='result' id='d' from='montague.example' to='${romeo.jid}'>${hostInfo()}</iq>`);
});

test("what the stream features announce can be asked for", async () => {
  const host = server.core.hosts.get("montague.example")!;
  const node = `${capsElement(host).attr("node")}#${capsElement(host).attr("ver")}`;
  ask("info", "montague.example", node);
  await romeo.expect(
    `<iq type='result' id='d' from='montague.example' to='${romeo.jid}'>${hostInfo(` node='${node}'`)}</iq>`,
  );
});

test("the announcement is the hash of features in their order, which what separates them has no part in", () => {
  const host = server.core.hosts.get("montague.example")!;
  for (const feature of ["urn:example:a", "urn:example:a#b"]) host.addFeature("host", feature);
  const features = [...host.features("host")].toSorted();
  expect(features.indexOf("urn:example:a#b")).toBe(features.indexOf("urn:example:a") + 1);
  const text = `server/im//Nightpost<${features.map((feature) => `${feature}<`).join("")}`;
  expect(capsVersion(host)).toBe(createHash("sha1").update(text).digest("base64"));
});

test("the announcement changes with the modules", async () => {
  const host = server.core.hosts.get("montague.example")!;
  const before = capsVersion(host);
  const undo = host.addFeature("host", "urn:example:more");
  expect(capsVersion(host)).not.toBe(before);
  undo();
  expect(capsVersion(host)).toBe(before);
});

test.each(["info", "items"] as const)("%s of an unknown node", async (what) => {
  ask(what, "montague.example", "nowhere");
  const [answer] = await romeo.sync();
  expect(answer!.child("error")?.payload?.name).toBe("item-not-found");
});

test("the host has no items, and neither has an account", async () => {
  for (const to of ["montague.example", "romeo@montague.example"]) {
    ask("items", to);
    const [answer] = await romeo.sync();
    expect(String(answer!.payload)).toBe(`<query xmlns='${NS.discoItems}'/>`);
  }
});

test("an account shows itself to its owner and to whom it lets see its presence", async () => {
  ask("info", "romeo@montague.example");
  const [own] = await romeo.sync();
  expect(own!.payload?.child("identity")?.attr("type")).toBe("registered");
  for (const name of ["juliet", "nobody"]) {
    ask("info", `${name}@montague.example`);
    const [answer] = await romeo.sync();
    expect(answer!.child("error")?.payload?.name).toBe("service-unavailable");
    // XEP-0030 8: no items is all that others learn.
    for (const node of ["", "urn:example:node"]) {
      ask("items", `${name}@montague.example`, node);
      const [items] = await romeo.sync();
      expect(String(items!.payload)).toBe(`<query xmlns='${NS.discoItems}'${node && ` node='${node}'`}/>`);
    }
  }
});

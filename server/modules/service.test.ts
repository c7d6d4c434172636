import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { HostPolicy } from "../../lib/contracts/policy.ts";
import { defineModule } from "../core/module.ts";
import type { Packet } from "../core/router.ts";
import { type TestClient, type TestServer, testServer } from "../core/testing.ts";
import { el } from "../xmpp/element.ts";
import { NS } from "../xmpp/namespaces.ts";
import { Stanza } from "../xmpp/stanza.ts";
import { disco } from "./disco/module.ts";
import { ping } from "./ping.ts";
import { version } from "./version.ts";

const seen: string[] = [];
const note = (what: string) => (packet: Packet) => {
  seen.push(`${what} ${packet.stanza.kind} ${packet.to.full}`);
  return "handled" as const;
};

/** A service that says what reached it how. */
const rooms = defineModule({
  name: "rooms",
  summary: "For tests.",
  xeps: [],
  options: z.strictObject({ host: z.string().default("rooms.@HOST@"), isGreedy: z.boolean().default(false) }),
  start({ options, ...ctx }) {
    const serve = ctx.service(options.host, "Rooms");
    if (serve === null) return;
    const { service } = serve;
    serve.identity({ category: "conference", type: "text", name: "Rooms" });
    serve.feature("urn:example:rooms");
    if (options.isGreedy) serve.hook("stanza/service", note("everything"));
    serve.iq("host", "get", ["urn:example:rooms", "query"], () =>
      el("query", "urn:example:rooms", { of: service.name }),
    );
    serve.iq("account", "get", ["urn:example:rooms", "query"], (_, { to }) =>
      el("query", "urn:example:rooms", { room: to.local }),
    );
    for (const kind of ["message", "presence"] as const)
      for (const address of ["host", "bare", "full"] as const)
        serve.hook(`${kind}/${address}`, note(`${kind}/${address}`));
  },
});

let server: TestServer;
let romeo: TestClient;

beforeEach(async () => {
  seen.length = 0;
  server = await testServer({
    modules: [disco, ping, version, rooms],
    hosts: ["capulet.example"],
    accounts: ["romeo@montague.example"],
  });
  romeo = await server.connect("romeo@montague.example/orchard");
});
afterEach(() => server.stop());

const query = "<query xmlns='urn:example:rooms'/>";
const setOptions = (options: object, host = "montague.example") =>
  server.core.policy.change({ author: "test", comment: "", audit: null }, (draft) => {
    draft.hosts[host]!.modules["rooms"] = { enabled: true, options: { ...options } };
  });
/** Waits for the loader, which follows the policy. */
const settled = () => server.loader.apply(server.core.policy.document);

describe("iqs for a service", () => {
  test.each([
    ["its domain", "rooms.montague.example", "<query xmlns='urn:example:rooms' of='rooms.montague.example'/>"],
    ["a node of it", "verona@rooms.montague.example", "<query xmlns='urn:example:rooms' room='verona'/>"],
  ])("%s", async (_, to, answer) => {
    romeo.send(`<iq type='get' id='1' to='${to}'>${query}</iq>`);
    await romeo.expect(`<iq type='result' id='1' from='${to}' to='${romeo.jid}'>${answer}</iq>`);
  });

  test.each([
    ["a full JID", "get", "verona@rooms.montague.example/romeo", query],
    ["an unknown payload", "get", "rooms.montague.example", "<query xmlns='urn:example:nothing'/>"],
    ["another type", "set", "rooms.montague.example", query],
  ])("%s is answered by an error", async (_, type, to, payload) => {
    romeo.send(`<iq type='${type}' id='1' to='${to}'>${payload}</iq>`);
    const [answer] = await romeo.sync();
    expect(answer!.child("error")?.payload?.name).toBe("service-unavailable");
  });

  test("what the host's modules answer for every service", async () => {
    romeo.send(`<iq type='get' id='1' to='rooms.montague.example'><ping xmlns='${NS.ping}'/></iq>`);
    romeo.send("<iq type='get' id='2' to='rooms.montague.example'><query xmlns='jabber:iq:version'/></iq>");
    const answers = await romeo.sync();
    expect(answers.map(({ type, from }) => [type, from])).toEqual(
      Array.from({ length: 2 }, () => ["result", "rooms.montague.example"]),
    );
  });

  test("disco#info names what it is and can", async () => {
    romeo.send(`<iq type='get' id='1' to='rooms.montague.example'><query xmlns='${NS.discoInfo}'/></iq>`);
    const [answer] = await romeo.sync();
    const { payload } = answer!;
    expect(payload?.elements("identity").map((one) => one.attr("category"))).toEqual(["conference"]);
    expect(payload?.elements("feature").map((one) => one.attr("var"))).toEqual(
      [NS.discoInfo, NS.discoItems, "jabber:iq:version", "urn:example:rooms", NS.ping].toSorted(),
    );
  });

  test("the host lists it", async () => {
    romeo.send(`<iq type='get' id='1' to='montague.example'><query xmlns='${NS.discoItems}'/></iq>`);
    const item = "<item jid='rooms.montague.example' name='Rooms'/>";
    await romeo.expect(
      `<iq type='result' id='1' from='montague.example' to='${romeo.jid}'><query xmlns='${NS.discoItems}'>${item}</query></iq>`,
    );
  });
});

test.each(["192.0.2.1", "[2001:db8::1]"])("there is none below the address %s, unless it is named", async (host) => {
  await server.core.policy.change({ author: "test", comment: "", audit: null }, (draft) => {
    draft.hosts[host] = HostPolicy.parse({});
  });
  await settled();
  expect(server.loader.states("rooms").find((one) => one.host === host)).toMatchObject({
    running: { registered: { services: [] } },
    error: null,
  });
  expect(server.core.hosts.servicesOf(server.core.hosts.get(host)!)).toEqual([]);
  await setOptions({ host: "rooms.example" }, host);
  await settled();
  expect(server.core.hosts.service("rooms.example")?.host.name).toBe(host);
});

test("messages and presence come by address class", async () => {
  const addresses = ["rooms.montague.example", "verona@rooms.montague.example", "verona@rooms.montague.example/romeo"];
  for (const to of addresses) romeo.send(`<message to='${to}'/>`);
  for (const to of addresses) romeo.send(`<presence to='${to}'/>`);
  expect(await romeo.sync()).toEqual([]);
  expect(seen).toEqual(
    ["message", "presence"].flatMap((kind) =>
      ["host", "bare", "full"].map((address, index) => `${kind}/${address} ${kind} ${addresses[index]}`),
    ),
  );
});

test("stanza/service is asked before all else, also about iqs for full JIDs and answers", async () => {
  await setOptions({ isGreedy: true });
  await settled();
  romeo.send("<message to='rooms.montague.example'/>");
  romeo.send(`<iq type='get' id='1' to='a@rooms.montague.example/b'>${query}</iq>`);
  romeo.send("<iq type='result' id='2' to='rooms.montague.example'/>");
  expect(await romeo.sync()).toEqual([]);
  expect(seen).toEqual([
    "everything message rooms.montague.example",
    "everything iq a@rooms.montague.example/b",
    "everything iq rooms.montague.example",
  ]);
});

describe("the name of a service", () => {
  const errorOn = (host: string) => server.loader.states("rooms").find((one) => one.host === host)?.error ?? null;

  test("changes with its option", async () => {
    await setOptions({ host: "chat.@HOST@" });
    await settled();
    expect(server.core.hosts.service("rooms.montague.example")).toBeUndefined();
    expect(server.core.hosts.service("chat.montague.example")?.label).toBe("Rooms");
    romeo.send("<message to='rooms.montague.example' id='m'/>");
    const [bounced] = await romeo.sync();
    expect(bounced!.child("error")?.payload?.name).toBe("remote-server-not-found");
  });

  test("goes with its module and with its host", async () => {
    await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
      draft.modules["rooms"] = { enabled: false, options: {} };
    });
    await settled();
    expect(server.core.hosts.entity("rooms.montague.example")).toBeUndefined();
  });

  test.each([
    ["a virtual host", "capulet.example", "is a virtual host"],
    ["another service", "rooms.capulet.example", "is served by rooms of capulet.example"],
    ["no domain", "a@b", "is not a domain name"],
  ])("is refused when it is %s", async (_, host, message) => {
    await setOptions({ host });
    await settled();
    expect(errorOn("montague.example")).toContain(message);
    expect(server.core.hosts.get("capulet.example")).toBe(server.core.hosts.entity("capulet.example"));
    expect(server.core.hosts.service("rooms.capulet.example")?.host.name).toBe("capulet.example");
  });

  test("gives way to a virtual host that is added, and comes back after it", async () => {
    const change = (edit: Parameters<typeof server.core.policy.change>[1]) =>
      server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, edit);
    await change((draft) => {
      draft.hosts["rooms.montague.example"] = HostPolicy.parse({});
    });
    await settled();
    expect(server.core.hosts.entity("rooms.montague.example")?.isService).toBe(false);
    expect(errorOn("montague.example")).toBe("rooms.montague.example is a virtual host");
    await change((draft) => {
      delete draft.hosts["rooms.montague.example"];
    });
    await settled();
    expect(server.core.hosts.entity("rooms.montague.example")?.isService).toBe(true);
    expect(errorOn("montague.example")).toBeNull();
  });
});

describe("an iq of the server's own", () => {
  const ask = (to: string, timeoutMs = 5_000) => {
    const payload = el("ping", NS.ping);
    const iq = Stanza.from(el("iq", NS.client, { type: "get", from: "montague.example", to }, payload));
    return server.core.router.ask(iq, timeoutMs);
  };

  test("is answered by a handler here", async () => {
    const answer = await ask("capulet.example");
    expect([answer?.type, answer?.from]).toEqual(["result", "capulet.example"]);
  });

  test("is answered by a client", async () => {
    const answer = ask(romeo.jid);
    const [question] = await romeo.take(1);
    expect(question!.from).toBe("montague.example");
    romeo.send(`<iq type='error' id='${question!.id}' to='montague.example'/>`);
    expect((await answer)?.type).toBe("error");
  });

  test.each([
    ["nobody", "nobody@montague.example/x", "service-unavailable"],
    ["another server", "elsewhere.example", "remote-server-not-found"],
  ])("bounces off %s", async (_, to, condition) => {
    expect((await ask(to))?.child("error")?.payload?.name).toBe(condition);
  });

  test("ends without an answer, and a late one is for nobody", async () => {
    const answer = ask(romeo.jid, 1);
    const [question] = await romeo.take(1);
    expect(await answer).toBeNull();
    romeo.send(`<iq type='result' id='${question!.id}' to='montague.example'/>`);
    expect(await romeo.sync()).toEqual([]);
  });

  test("takes no answer from anybody else", async () => {
    const answer = ask(romeo.jid, 200);
    const [question] = await romeo.take(1);
    const other = await server.connect("romeo@montague.example/balcony");
    other.send(`<iq type='result' id='${question!.id}' to='montague.example'/>`);
    other.send(`<iq type='result' id='${question!.id}' to='rooms.montague.example'/>`);
    await other.sync();
    romeo.send(`<iq type='error' id='${question!.id}' to='montague.example'/>`);
    expect((await answer)?.type).toBe("error");
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scramClient } from "../../core/testing-streams.ts";
import { RawClient } from "../../net/testing.ts";
import {
  ask,
  authenticate,
  conditionOf,
  header,
  host,
  juliet,
  phone,
  plain,
  response,
  romeo,
  server,
  start,
  stop,
  stream,
  userAgent,
} from "./testing.ts";

beforeEach(() => start());
afterEach(stop);

const challengeIn = (text: string): string =>
  Buffer.from(/<challenge [^>]*>([^<]*)</.exec(text)?.[1] ?? "", "base64").toString();

describe("what is offered", () => {
  it("is, on an encrypted stream, all that can come with the login", async () => {
    const { features } = await stream();
    const [sasl2 = ""] = /<authentication .*<\/authentication>/.exec(features) ?? [];
    const names = [...sasl2.matchAll(/<mechanism>([^<]+)</g)].map((match) => match[1]);
    expect(names).toEqual([
      "SCRAM-SHA-512-PLUS",
      "SCRAM-SHA-256-PLUS",
      "SCRAM-SHA-1-PLUS",
      "SCRAM-SHA-512",
      "SCRAM-SHA-256",
      "SCRAM-SHA-1",
      "PLAIN",
      "HT-SHA-256-EXPR",
      "HT-SHA-256-ENDP",
      "HT-SHA-256-NONE",
    ]);
    expect(sasl2).toContain("<fast xmlns='urn:xmpp:fast:0'>");
    expect(sasl2).toContain("<sm xmlns='urn:xmpp:sm:3'/>");
    const inline = [...sasl2.matchAll(/<feature var='([^']+)'/g)].map((match) => match[1]);
    expect(new Set(inline)).toEqual(new Set(["urn:xmpp:carbons:2", "urn:xmpp:csi:0", "urn:xmpp:sm:3"]));
    expect(features).toContain("<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>");
  });

  it("is nothing on an unencrypted one, and nothing is taken there (XEP-0388 4)", async () => {
    const client = await RawClient.connect(server.port);
    client.send(header());
    expect(await client.until("</stream:features>")).not.toContain("urn:xmpp:sasl:2");
    client.send(plain());
    expect(await client.ended()).toContain("<policy-violation");
  });

  it("is nothing once the client is logged in, and asking again ends the stream", async () => {
    const { client, answer } = await ask(plain());
    expect(answer.slice(answer.indexOf("<stream:features>"))).not.toContain("urn:xmpp:sasl:2");
    client.send(plain());
    expect(await client.ended()).toContain("<policy-violation");
  });
});

describe("a login", () => {
  it("goes on without a new stream: success, features, binding", async () => {
    const { client, answer } = await ask(plain());
    expect(answer).toMatch(
      /^<success xmlns='urn:xmpp:sasl:2'><authorization-identifier>juliet@capulet.example<\/authorization-identifier><\/success><stream:features>/,
    );
    client.send(
      "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>x</resource></bind></iq>",
    );
    expect(await client.until("</iq>")).toContain("<jid>juliet@capulet.example/x</jid>");
    expect(server.core.sessions.find(juliet.withResource("x"))?.mechanism).toBe("PLAIN");
    expect(server.core.metrics).toMatchObject({ loginsDone: { total: 1 }, loginsFailed: { total: 0 } });
  });

  it.each([
    ["SCRAM-SHA-1", "sha1", false],
    ["SCRAM-SHA-256", "sha256", false],
    ["SCRAM-SHA-512-PLUS", "sha512", true],
  ])("with %s proves both sides", async (mechanism, hash, isPlus) => {
    const { client } = await stream();
    const binding = client.tlsSocket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0));
    const messages = scramClient("juliet", "secret", {
      hash,
      ...(isPlus ? { gs2Header: "p=tls-exporter,,", binding } : {}),
    });
    client.send(authenticate(mechanism, messages.first));
    const { message, signature } = messages.final(challengeIn(await client.until("</challenge>")));
    client.send(response(message));
    const answer = await client.until("</success>");
    expect(answer).toContain(`<additional-data>${Buffer.from(signature).toString("base64")}</additional-data>`);
  });

  it("without an initial response begins with an empty challenge", async () => {
    const { client } = await stream();
    client.send(authenticate("PLAIN"));
    await client.until("<challenge xmlns='urn:xmpp:sasl:2'/>");
    client.send(response("\0juliet\0secret"));
    await client.until("</success>");
  });

  it.each([
    ["a wrong password", plain("", "juliet", "wrong"), "not-authorized"],
    ["an unknown account", plain("", "nobody", "secret"), "not-authorized"],
    ["an unknown mechanism", authenticate("NONE"), "invalid-mechanism"],
    ["no mechanism", "<authenticate xmlns='urn:xmpp:sasl:2'/>", "invalid-mechanism"],
    ["a token mechanism without saying so", authenticate("HT-SHA-256-NONE", "juliet\0x"), "invalid-mechanism"],
    ["somebody else's authzid", authenticate("PLAIN", `${romeo.bare}\0juliet\0secret`), "invalid-authzid"],
    [
      "bad base64",
      "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>*</initial-response></authenticate>",
      "incorrect-encoding",
    ],
    ["a user agent whose id is no UUID", plain(userAgent("phone")), "malformed-request"],
    ["a response out of the blue", response("x"), "malformed-request"],
    ["an abort", "<abort xmlns='urn:xmpp:sasl:2'><text>enough</text></abort>", "aborted"],
  ])("fails for %s, and does nothing that was asked for with it", async (_name, request, condition) => {
    const { client, answer } = await ask(
      request.replace("</authenticate>", "<bind xmlns='urn:xmpp:bind:0'/></authenticate>"),
    );
    expect(conditionOf(answer)).toBe(condition);
    expect(server.core.sessions.size).toBe(0);
    client.send(plain());
    await client.until("</success>");
  });

  it("fails for an authzid that is not whom the header announced (XEP-0388 2.5)", async () => {
    const request = authenticate("PLAIN", `${juliet.bare}\0juliet\0secret`);
    expect(conditionOf((await ask(request, { from: romeo.bare })).answer)).toBe("invalid-authzid");
    expect(conditionOf((await ask(request, { from: juliet.bare })).answer)).toBe("success");
  });

  it.each([
    ["a stanza", "<message to='romeo@capulet.example'/>"],
    ["another request", plain()],
    [
      "the other profile",
      "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGp1bGlldABzZWNyZXQ=</auth>",
    ],
  ])("ends with the stream when %s comes in between (XEP-0388 2.4)", async (_name, xml) => {
    const { client } = await stream();
    client.send(authenticate("SCRAM-SHA-256", scramClient("juliet", "secret").first));
    await client.until("</challenge>");
    client.send(xml);
    const rest = await client.ended();
    expect(rest).toContain("<policy-violation");
    expect(rest).not.toContain("<success");
  });

  it("counts against the limits as the other profile does", async () => {
    const { client } = await stream();
    for (let tries = 0; tries < 5; tries += 1) {
      client.send(plain("", "juliet", "wrong"));
      expect(conditionOf(await client.until("</failure>"))).toBe("not-authorized");
    }
    expect(await client.ended()).toContain("<policy-violation");
    for (let tries = 0; tries < 20; tries += 1) server.clients.throttle.failed("127.0.0.1", juliet.bare);
    expect(conditionOf((await ask(plain())).answer)).toBe("temporary-auth-failure");
  });
});

describe("what comes with the login", () => {
  it("ends the stream when it fails, for the client is authenticated already", async () => {
    server.core.hosts.get(host)!.addInlineFeature({
      name: "broken",
      order: 5,
      handles: ["urn:nightpost:test", "broken"],
      offer: () => undefined,
      perform: () => Promise.reject(new Error("it broke")),
    });
    const { client } = await stream();
    client.send(plain("<broken xmlns='urn:nightpost:test'/>"));
    const rest = await client.ended();
    expect(rest).toContain("<internal-server-error");
    expect(rest).not.toMatch(/<success|<failure/);
    expect(server.complaints.splice(0)).toHaveLength(1);
  });
});

describe("a header from another domain", () => {
  it("is refused (XEP-0388 2.1)", async () => {
    const client = await RawClient.connectTls(server.tlsPort);
    client.send(header("juliet@montague.example"));
    expect(await client.ended()).toContain("<invalid-from");
  });
});

describe("an account that is revoked while somebody logs in", () => {
  const revocations: [name: string, revoke: () => Promise<unknown>][] = [
    ["suspended", () => server.core.accounts.suspend(juliet, { reason: "", at: 0, until: null, by: "x" })],
    ["given another password", () => server.core.accounts.changePassword(juliet, "new")],
    ["removed", () => server.core.accounts.remove(juliet)],
  ];

  it.each(revocations)("between the messages of the exchange: %s", async (_name, revoke) => {
    const { client } = await stream();
    const messages = scramClient("juliet", "secret");
    client.send(
      authenticate(
        "SCRAM-SHA-256",
        messages.first,
        `${userAgent(phone)}<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-NONE'/>`,
      ),
    );
    const { message } = messages.final(challengeIn(await client.until("</challenge>")));
    await revoke();
    client.send(response(message));
    expect(conditionOf(await client.until("</failure>"))).toBe("not-authorized");
    expect(await server.stores.clients.find(host, "juliet", server.core.clients.idOf(juliet, phone))).toBeNull();
  });

  it.each(revocations)("between the login and the binding: %s", async (_name, revoke) => {
    const { client } = await ask(plain());
    await revoke();
    client.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    expect(await client.ended()).toContain("<not-authorized");
    expect(server.core.sessions.size).toBe(0);
  });

  it("not when it is before", async () => {
    await server.core.accounts.changePassword(juliet, "new");
    expect(conditionOf((await ask(plain("", "juliet", "new"))).answer)).toBe("success");
  });
});

describe("what a client says of itself", () => {
  it("is kept for its user, cut to what people need, and its id is not", async () => {
    const long = "A".repeat(5000);
    const inside = `<software>Awe\n\u202esome</software><device>${long}</device><bogus/>`;
    await ask(plain(userAgent(phone.toUpperCase(), inside)));
    const [client, ...others] = await server.stores.clients.of(host, "juliet");
    expect(others).toEqual([]);
    expect(client).toMatchObject({
      software: "Awe some",
      device: "A".repeat(100),
      knowsPassword: true,
      address: "127.0.0.1",
    });
    expect(client!.id).not.toContain(phone.slice(0, 8));
    expect(await server.stores.clients.of(host, "romeo")).toEqual([]);
  });

  it("cannot be too much for a stream that is not logged in", async () => {
    const { client } = await stream();
    client.send(plain(userAgent(phone, `<software>${"A".repeat(9000)}</software>`)));
    expect(await client.ended()).toContain("<policy-violation");
    expect(await server.stores.clients.of(host, "juliet")).toEqual([]);
  });
});

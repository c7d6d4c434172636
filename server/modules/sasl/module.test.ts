import { X509Certificate } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  base64,
  login,
  openSecureStream,
  openStream,
  plainAuth,
  scramClient,
  type StreamTestServer,
  streamTestServer,
} from "../../core/testing-streams.ts";
import { certificateHash } from "../../net/channel-binding.ts";
import { RawClient } from "../../net/testing.ts";
import { Jid } from "../../xmpp/jid.ts";
import { bind } from "../bind.ts";
import { starttls } from "../starttls.ts";
import { sasl } from "./module.ts";

const ns = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'";

let server: StreamTestServer;
let client: RawClient;
let features: string;

const auth = (mechanism: string, data = ""): string => `<auth ${ns} mechanism='${mechanism}'>${data}</auth>`;
const response = (data: string): string => `<response ${ns}>${data}</response>`;

async function failure(): Promise<string> {
  const answer = await client.until("</failure>");
  return new RegExp(`<failure ${ns}><([a-z-]+)/>`).exec(answer)?.[1] ?? answer;
}

/** Answers one challenge and returns what comes of it. */
async function scramLogin(mechanism: string, messages: ReturnType<typeof scramClient>): Promise<string> {
  client.send(auth(mechanism, base64(messages.first)));
  const challenge = /<challenge [^>]*>([^<]*)</.exec(await client.until(/<\/(challenge|failure)>/));
  if (challenge === null) return "refused";
  const { message, signature } = messages.final(Buffer.from(challenge[1] ?? "", "base64").toString());
  client.send(response(base64(message)));
  const answer = await client.until(/<\/(success|failure)>/);
  return answer.includes(base64(signature)) ? "success" : (/<failure [^>]*><([a-z-]+)/.exec(answer)?.[1] ?? answer);
}

beforeEach(async () => {
  server = await streamTestServer({
    modules: [starttls, sasl, bind],
    passwords: { "harttle@bix.org": "secret", "amy@bix.org": "hidden" },
    policy: (draft) => {
      draft.accessRules["c2s"] = [{ deny: [{ user: "amy@bix.org" }] }, { allow: ["all"] }];
    },
  });
  ({ client, features } = await openSecureStream(server.port, "bix.org"));
});

afterEach(async () => {
  client.destroy();
  await server.stop();
});

describe("what is offered", () => {
  it("is everything, strongest first, on an encrypted stream", () => {
    const names = [...features.matchAll(/<mechanism>([^<]+)</g)].map((match) => match[1]);
    expect(names).toEqual([
      "SCRAM-SHA-512-PLUS",
      "SCRAM-SHA-256-PLUS",
      "SCRAM-SHA-1-PLUS",
      "SCRAM-SHA-512",
      "SCRAM-SHA-256",
      "SCRAM-SHA-1",
      "PLAIN",
    ]);
    const types = [...features.matchAll(/<channel-binding type='([^']+)'/g)].map((match) => match[1]);
    expect(types).toEqual(["tls-exporter", "tls-server-end-point"]);
  });

  it("leaves tls-exporter out below TLS 1.3", async () => {
    const old = await RawClient.connect(server.port);
    await openStream(old, "bix.org");
    old.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    await old.until("/>");
    await old.startTls({ maxVersion: "TLSv1.2" });
    const offered = await openStream(old, "bix.org");
    expect(offered).toContain("<channel-binding type='tls-server-end-point'/>");
    expect(offered).not.toContain("tls-exporter");
    old.destroy();
  });

  it("is what the options say", async () => {
    await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
      draft.modules["sasl"] = { enabled: true, options: { mechanisms: ["SCRAM-SHA-256"] } };
    });
    await server.loader.apply(server.core.policy.document);
    const other = await openSecureStream(server.port, "bix.org");
    expect([...other.features.matchAll(/<mechanism>([^<]+)</g)].map((match) => match[1])).toEqual([
      "SCRAM-SHA-256-PLUS",
      "SCRAM-SHA-256",
    ]);
    other.client.destroy();
    client.send(plainAuth("", "harttle", "secret"));
    expect(await failure()).toBe("invalid-mechanism");
  });
});

describe("SCRAM", () => {
  it.each([
    ["SCRAM-SHA-1", "sha1"],
    ["SCRAM-SHA-256", "sha256"],
    ["SCRAM-SHA-512", "sha512"],
  ])("%s, with and without channel binding", async (mechanism, hash) => {
    expect(await scramLogin(mechanism, scramClient("harttle", "wrong", { hash }))).toBe("not-authorized");
    const socket = client.tlsSocket;
    const binding = socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0));
    const exporter = scramClient("harttle", "secret", { hash, gs2Header: "p=tls-exporter,,", binding });
    expect(await scramLogin(`${mechanism}-PLUS`, exporter)).toBe("success");
  });

  it("binds to the certificate (RFC 5929 4)", async () => {
    const certificate = new X509Certificate(client.tlsSocket.getPeerCertificate().raw);
    const binding = certificateHash(certificate)!;
    const messages = scramClient("harttle", "secret", { gs2Header: "p=tls-server-end-point,,", binding });
    expect(await scramLogin("SCRAM-SHA-256-PLUS", messages)).toBe("success");
  });

  it("fails where somebody in between hides the -PLUS variants", async () => {
    const messages = scramClient("harttle", "secret", { gs2Header: "y,," });
    expect(await scramLogin("SCRAM-SHA-256", messages)).toBe("refused");
  });

  it("answers for an unknown account as for a known one, with the same salt each time", async () => {
    const salts: string[] = [];
    for (const user of ["nobody", "nobody", "harttle"]) {
      client.send(auth("SCRAM-SHA-256", base64(`n,,n=${user},r=abc`)));
      const challenge = /<challenge [^>]*>([^<]+)</.exec(await client.until("</challenge>"))?.[1] ?? "";
      const text = Buffer.from(challenge, "base64").toString();
      expect(text).toMatch(/^r=abc[\x21-\x7e]{24},s=[A-Za-z0-9+/]{22}==,i=\d+,h=[A-Za-z0-9+/]{43}=$/);
      salts.push(/s=([^,]+)/.exec(text)?.[1] ?? "");
      client.send(`<abort ${ns}/>`);
      expect(await failure()).toBe("aborted");
    }
    expect(salts[0]).toBe(salts[1]);
    expect(salts[0]).not.toBe(salts[2]);
  });
});

describe("PLAIN", () => {
  it("logs in, also after an empty challenge", async () => {
    client.send(auth("PLAIN"));
    await client.until(`<challenge ${ns}/>`);
    client.send(response(base64("\0harttle\0secret")));
    await client.until(`<success ${ns}/>`);
  });

  const outcomes: [name: string, message: string, outcome: string][] = [
    ["a wrong password", "\0harttle\0wrong", "not-authorized"],
    ["an unknown account", "\0nobody\0secret", "not-authorized"],
    ["a name that cannot be", "\0a@b\0secret", "not-authorized"],
    ["somebody else's authzid", "amy@bix.org\0harttle\0secret", "invalid-authzid"],
    ["an authzid that is no address", "@\0harttle\0secret", "invalid-authzid"],
    ["the domain as authzid", "bix.org\0harttle\0secret", "invalid-authzid"],
    ["a full address as authzid", "harttle@bix.org/x\0harttle\0secret", "invalid-authzid"],
    ["something behind the password", "\0harttle\0secret\0", "malformed-request"],
    ["no password", "\0harttle\0", "malformed-request"],
    ["no name", "\0\0secret", "malformed-request"],
    ["too few parts", "harttle\0secret", "malformed-request"],
    ["an account that the access rule c2s denies", "\0amy\0hidden", "not-authorized"],
  ];
  it.each(outcomes)("fails for %s", async (_name, message, outcome) => {
    client.send(auth("PLAIN", base64(message)));
    expect(await failure()).toBe(outcome);
  });

  it("takes the own address as authzid", async () => {
    client.send(plainAuth("harttle@bix.org", "Harttle", "secret"));
    await client.until(`<success ${ns}/>`);
  });

  it("says that an account is suspended only to those who know its password", async () => {
    const by = { reason: "spam", at: 0, until: null, by: "admin@bix.org" };
    await server.core.accounts.suspend(Jid.parse("harttle@bix.org"), by);
    client.send(plainAuth("", "harttle", "wrong"));
    expect(await failure()).toBe("not-authorized");
    client.send(plainAuth("", "harttle", "secret"));
    expect(await failure()).toBe("account-disabled");
  });
});

describe("requests", () => {
  it.each<[name: string, xml: string, outcome: string]>([
    ["an unknown mechanism", auth("ANONYMOUS"), "invalid-mechanism"],
    ["no mechanism", `<auth ${ns}/>`, "invalid-mechanism"],
    ["bad base64", auth("PLAIN", "AGhh***"), "incorrect-encoding"],
    ["base64 without padding", auth("PLAIN", "AGEAYg"), "incorrect-encoding"],
    ["base64 with stray bits", auth("PLAIN", "AGEAYh=="), "incorrect-encoding"],
    ["base64 with white space", auth("PLAIN", "AGEA YmI="), "incorrect-encoding"],
    [
      "bytes that are not UTF-8",
      auth("PLAIN", Buffer.from("\0a\0\xff", "latin1").toString("base64")),
      "malformed-request",
    ],
    ["an empty initial response", auth("PLAIN", "="), "malformed-request"],
    ["a response out of the blue", response("AAAA"), "malformed-request"],
    ["an abort", `<abort ${ns}/>`, "aborted"],
  ])("fail for %s", async (_name, xml, outcome) => {
    client.send(xml);
    expect(await failure()).toBe(outcome);
  });

  it.each([
    [5, "wrong passwords", plainAuth("", "harttle", "wrong"), "not-authorized"],
    [10, "mechanisms that are not there", auth("NONE"), "invalid-mechanism"],
  ])("end the stream after %i %s", async (times, _what, xml, condition) => {
    for (let tries = 0; tries < times; tries += 1) {
      client.send(xml);
      expect(await failure()).toBe(condition);
    }
    expect(await client.ended()).toContain("<policy-violation");
  });

  it("with a channel binding that is not there count as no guesses: clients try the next mechanism", async () => {
    for (const mechanism of ["SCRAM-SHA-512-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS"]) {
      client.send(auth(mechanism, base64("p=tls-unique,,n=harttle,r=abc")));
      expect(await failure()).toBe("not-authorized");
    }
    for (const mechanism of ["SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1"]) {
      client.send(auth(mechanism, base64("y,,n=harttle,r=abc")));
      expect(await failure()).toBe("not-authorized");
    }
    client.send(plainAuth("", "harttle", "secret"));
    await client.until(`<success ${ns}/>`);
  });

  it("are refused for one account from one address after too many failures, and go on for others", async () => {
    for (let tries = 0; tries < 20; tries += 1) server.clients.throttle.failed("127.0.0.1", "harttle@bix.org");
    client.send(plainAuth("", "harttle", "secret"));
    expect(await failure()).toBe("temporary-auth-failure");
    server.clock.advance(60_000);
    client.send(plainAuth("", "harttle", "secret"));
    await client.until(`<success ${ns}/>`);
  });
});

it("tries side by side are no way around the limit, and a right password does not stand out", async () => {
  for (let tries = 0; tries < 19; tries += 1) server.clients.throttle.failed("127.0.0.1", "harttle@bix.org");
  const tries = [];
  for (const password of ["wrong", "wrong", "secret"]) {
    const stream: RawClient = tries.length === 0 ? client : (await openSecureStream(server.port, "bix.org")).client;
    const messages = scramClient("harttle", password);
    stream.send(auth("SCRAM-SHA-256", base64(messages.first)));
    const challenge = /<challenge [^>]*>([^<]+)</.exec(await stream.until("</challenge>"))?.[1] ?? "";
    const { message } = messages.final(Buffer.from(challenge, "base64").toString());
    tries.push({ stream, answer: response(base64(message)) });
  }
  const [first, ...others] = tries;
  first!.stream.send(first!.answer);
  // Its answer is held back for seconds; that it counts is what matters.
  await vi.waitUntil(() => server.core.metrics.loginsFailed.total === 1);
  for (const { stream, answer } of others) {
    stream.send(answer);
    expect(await stream.until(/<\/(success|failure)>/)).toContain("<temporary-auth-failure/>");
    stream.destroy();
  }
});

it("a login binds a session that knows its mechanism", async () => {
  expect(await login(client, "harttle@bix.org/desk", "secret")).toBe("harttle@bix.org/desk");
  expect(server.core.sessions.find(Jid.parse("harttle@bix.org/desk"))?.mechanism).toBe("PLAIN");
  expect(server.core.metrics).toMatchObject({ loginsDone: { total: 1 }, loginsFailed: { total: 0 } });
});

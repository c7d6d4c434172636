import { X509Certificate } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { certificateHash } from "../../net/channel-binding.ts";
import type { RawClient } from "../../net/testing.ts";
import { Jid } from "../../xmpp/jid.ts";
import {
  addressOf,
  ask,
  authenticate,
  conditionOf,
  hashedToken,
  host,
  juliet,
  laptop,
  phone,
  plain,
  server,
  start,
  stop,
  stream,
  sync,
  tokenOf,
  userAgent,
} from "./testing.ts";

beforeEach(() => start());
afterEach(stop);

const dayMs = 24 * 60 * 60 * 1000;
const none = "HT-SHA-256-NONE";
const want = (mechanism = none): string => `<request-token xmlns='urn:xmpp:fast:0' mechanism='${mechanism}'/>`;
const fast = (attributes = ""): string => `<fast xmlns='urn:xmpp:fast:0'${attributes}/>`;

async function firstToken(mechanism = none, agent = phone): Promise<string> {
  return tokenOf((await ask(plain(userAgent(agent) + want(mechanism)))).answer);
}

/** A request that logs in with a token. */
function withToken(token: string, inside = fast(), { agent = phone, user = "juliet", mechanism = none } = {}): string {
  return authenticate(mechanism, hashedToken(user, token).first, userAgent(agent) + inside);
}
const outcomeOf = async (request: string): Promise<string> => conditionOf((await ask(request)).answer);

const bindings: [mechanism: string, data: (client: RawClient) => Buffer][] = [
  ["HT-SHA-256-NONE", () => Buffer.alloc(0)],
  ["HT-SHA-256-ENDP", ({ tlsSocket }) => certificateHash(new X509Certificate(tlsSocket.getPeerCertificate().raw))!],
  [
    "HT-SHA-256-EXPR",
    ({ tlsSocket }) => tlsSocket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0)),
  ],
];

describe("a token", () => {
  it.each(bindings)("for %s is given once and good for logins that both sides prove", async (mechanism, data) => {
    const { answer } = await ask(plain(userAgent(phone) + want(mechanism)));
    const token = tokenOf(answer);
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
    expect(answer).toMatch(/<token xmlns='urn:xmpp:fast:0' expiry='\d{4}-\d\d-\d\dT[\d:.]+Z' token='[\w-]{43}'\/>/);
    for (let times = 0; times < 2; times += 1) {
      const { client } = await stream();
      const messages = hashedToken("juliet", token, data(client));
      client.send(authenticate(mechanism, messages.first, userAgent(phone) + fast()));
      const success = await client.until("</success>");
      expect(success).toContain(`<additional-data>${messages.answer}</additional-data>`);
      expect(success).not.toContain("<token");
    }
  });

  it("is not in the store", async () => {
    const token = await firstToken();
    const rows = JSON.stringify(await server.stores.clients.of(host, "juliet"));
    expect(rows).not.toContain(token);
    expect(rows).not.toContain(phone);
  });

  it("is given to nobody who tells no id, and for no mechanism that is not offered", async () => {
    expect((await ask(plain(want()))).answer).not.toContain("<token");
    expect((await ask(plain(userAgent(phone) + want("HT-SHA-256-UNIQ")))).answer).not.toContain("<token");
    const old = { tls: { maxVersion: "TLSv1.2" } } as const;
    const { answer } = await ask(plain(userAgent(phone) + want("HT-SHA-256-EXPR")), old);
    expect(conditionOf(answer)).toBe("success");
    expect(answer).not.toContain("<token");
    const { features } = await stream(old);
    expect(features).toContain("<fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-ENDP</mechanism>");
  });

  it("is one client's and one account's", async () => {
    const token = await firstToken();
    const other = await firstToken(none, laptop);
    expect(other).not.toBe(token);
    expect(await outcomeOf(withToken(token, fast(), { agent: laptop }))).toBe("not-authorized");
    expect(await outcomeOf(withToken(token, fast(), { user: "romeo" }))).toBe("not-authorized");
    expect(await outcomeOf(withToken(token, fast(), { user: "nobody" }))).toBe("not-authorized");
    expect(await outcomeOf(withToken(other, fast(), { agent: laptop }))).toBe("success");
  });

  it.each(bindings.slice(0, 2))("is good for its mechanism alone: not for %s", async (mechanism, data) => {
    const token = await firstToken("HT-SHA-256-EXPR");
    const { client } = await stream();
    const { first } = hashedToken("juliet", token, data(client));
    client.send(authenticate(mechanism, first, userAgent(phone) + fast()));
    expect(conditionOf(await client.until("</failure>"))).toBe("not-authorized");
  });

  it("that was used on one connection cannot be used by who saw it on another", async () => {
    const token = await firstToken("HT-SHA-256-EXPR");
    const [victim, attacker] = [(await stream()).client, (await stream()).client];
    const binding = victim.tlsSocket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0));
    const request = authenticate(
      "HT-SHA-256-EXPR",
      hashedToken("juliet", token, binding).first,
      userAgent(phone) + fast(),
    );
    attacker.send(request);
    expect(conditionOf(await attacker.until("</failure>"))).toBe("not-authorized");
    victim.send(request);
    await victim.until("</success>");
  });

  it.each([
    ["no id", () => authenticate(none, hashedToken("juliet", "x").first, fast()), "malformed-request"],
    ["no name", () => authenticate(none, Buffer.from("\0x"), userAgent(phone) + fast()), "malformed-request"],
    [
      "nothing behind the name",
      () => authenticate(none, Buffer.from("juliet"), userAgent(phone) + fast()),
      "malformed-request",
    ],
    ["an empty hash", () => authenticate(none, Buffer.from("juliet\0"), userAgent(phone) + fast()), "not-authorized"],
    ["a count that is none", () => withToken("x", fast(" count='-1'")), "malformed-request"],
    ["no token at all", () => withToken(""), "not-authorized"],
  ])("cannot be replaced by %s", async (_name, request, condition) => {
    expect(await outcomeOf(request())).toBe(condition);
  });

  it("counts as a guess where it is wrong", async () => {
    for (let tries = 0; tries < 20; tries += 1) server.clients.throttle.failed("127.0.0.1", juliet.bare);
    expect(await outcomeOf(withToken(await firstToken().catch(() => "x")))).toBe("temporary-auth-failure");
  });
});

describe("in time", () => {
  it("a token expires, and says so to who has it", async () => {
    const token = await firstToken();
    server.clock.advance(30 * dayMs);
    expect(await outcomeOf(withToken("guessed"))).toBe("not-authorized");
    expect(await outcomeOf(withToken(token))).toBe("credentials-expired");
  });

  it("a token is replaced after a day, and stays good until the new one is used", async () => {
    const first = await firstToken();
    server.clock.advance(dayMs);
    const lost = tokenOf((await ask(withToken(first))).answer);
    const second = tokenOf((await ask(withToken(first))).answer);
    expect([first, lost, second, ""].length).toBe(new Set([first, lost, second, ""]).size);
    // Never used, and another one was given since (XEP-0484 3.5).
    expect(await outcomeOf(withToken(lost))).toBe("not-authorized");
    const { answer } = await ask(withToken(second));
    expect(conditionOf(answer)).toBe("success");
    expect(answer).not.toContain("<token");
    expect(await outcomeOf(withToken(first))).toBe("not-authorized");
  });

  it("a client that is not seen for a year is forgotten", async () => {
    await firstToken();
    expect(await server.core.clients.prune(host, server.clock.now() + 1, 10)).toBe(1);
    expect(await server.core.clients.list(juliet)).toEqual([]);
  });
});

describe("the client", () => {
  it("may give its token up, and ask for another one with it", async () => {
    const first = await firstToken();
    const { answer } = await ask(withToken(first, fast(" invalidate='true'") + want()));
    const second = tokenOf(answer);
    expect(await outcomeOf(withToken(first))).toBe("not-authorized");
    expect(await outcomeOf(withToken(second, fast(" invalidate='1'")))).toBe("success");
    expect(await outcomeOf(withToken(second))).toBe("not-authorized");
  });

  it("that comes again soon costs no write, and is seen again when it has been away for longer", async () => {
    const token = await firstToken();
    const lastAt = async () => (await server.stores.clients.of(host, "juliet"))[0]!.lastAt;
    await ask(withToken(token));
    const first = await lastAt();
    server.clock.advance(60_000);
    expect(await outcomeOf(withToken(token))).toBe("success");
    expect(await lastAt()).toBe(first);
    server.clock.advance(600_000);
    expect(await outcomeOf(withToken(token))).toBe("success");
    expect(await lastAt()).toBe(server.clock.now());
  });

  it("that gives its token up gets no other one for its age", async () => {
    const first = await firstToken();
    server.clock.advance(dayMs);
    expect((await ask(withToken(first, fast(" invalidate='true'")))).answer).not.toContain("<token");
  });

  it("may count its logins, and none of them is taken twice (XEP-0484 3.4)", async () => {
    const token = await firstToken();
    const outcomes = [];
    for (const count of [1, 1, 5, 4, 6]) outcomes.push(await outcomeOf(withToken(token, fast(` count='${count}'`))));
    expect(outcomes).toEqual(["success", "not-authorized", "success", "not-authorized", "success"]);
    const same = withToken(token, fast(" count='7'"));
    const both = await Promise.all([outcomeOf(same), outcomeOf(same)]);
    expect(both.toSorted()).toEqual(["not-authorized", "success"]);
  });
});

describe("no token outlives", () => {
  it.each<[name: string, happen: () => Promise<unknown>]>([
    ["the password", () => server.core.accounts.changePassword(juliet, "new")],
    ["the password, even if sessions do", () => server.core.accounts.changePassword(juliet, "new", "all")],
    [
      "an import that replaces the password",
      () => server.core.accounts.importBatch([{ user: juliet, password: "new" }], "update"),
    ],
    [
      "a suspension",
      async () => {
        const { accounts } = server.core;
        await accounts.suspend(juliet, { reason: "", at: 0, until: null, by: "x" });
        await accounts.suspend(juliet, null);
      },
    ],
    [
      "the account",
      async () => {
        await server.core.accounts.remove(juliet);
        await server.core.accounts.create({ user: juliet, password: "secret", via: "cli" });
      },
    ],
    ["its revocation", () => server.core.clients.revoke(juliet, server.core.clients.idOf(juliet, phone))],
  ])("%s", async (_name, happen) => {
    const token = await firstToken();
    await happen();
    expect(await outcomeOf(withToken(token))).toBe("not-authorized");
  });
});

it("a client that comes back is there again after one message and one answer", async () => {
  const bind = "<bind xmlns='urn:xmpp:bind:0'><tag>Phone</tag><enable xmlns='urn:xmpp:sm:3' resume='true'/></bind>";
  const { client, answer } = await ask(plain(userAgent(phone) + bind + want()));
  const [, id] = /<enabled [^>]*id='([^']+)'/.exec(answer)!;
  client.send("<presence/>");
  await client.until("<presence ");
  client.destroy();
  const address = Jid.parse(addressOf(answer));
  await expect.poll(() => server.core.sessions.find(address)?.detachedAt !== null).toBe(true);
  const sender = (await ask(plain("<bind xmlns='urn:xmpp:bind:0'/>", "romeo"))).client;
  sender.send(`<message type='chat' to='${address.full}' id='m1'><body>meanwhile</body></message>`);
  await sync(sender);
  const resume = `<resume xmlns='urn:xmpp:sm:3' previd='${id}' h='1'/>`;
  const { client: next } = await stream({ from: juliet.bare });
  // One flight, also with what comes after the login.
  next.send(`${withToken(tokenOf(answer), fast() + resume + bind)}<r xmlns='urn:xmpp:sm:3'/>`);
  const all = await next.until(/<a [^>]*>/);
  expect(all).toMatch(
    new RegExp(
      `^<success xmlns='urn:xmpp:sasl:2'><additional-data>[^<]+</additional-data><authorization-identifier>${address.full}</authorization-identifier>` +
        `<resumed xmlns='urn:xmpp:sm:3' previd='${id}' h='1'/></success><message [^>]*id='m1'`,
    ),
  );
  expect(all).not.toContain("<bound");
  expect(all).not.toContain("features");
  expect(server.core.sessions.of(juliet)).toHaveLength(1);
});

it("a session that is over is begun anew in the same step (XEP-0198 6.2)", async () => {
  const { answer } = await ask(plain(userAgent(phone) + want()));
  const resume = "<resume xmlns='urn:xmpp:sm:3' previd='gone' h='0'/>";
  const bind = "<bind xmlns='urn:xmpp:bind:0'><enable xmlns='urn:xmpp:sm:3'/></bind>";
  const next = await ask(withToken(tokenOf(answer), fast() + bind + resume));
  expect(next.answer).toMatch(
    /<failed xmlns='urn:xmpp:sm:3'><item-not-found [^>]*\/><\/failed><bound xmlns='urn:xmpp:bind:0'>.*<enabled xmlns='urn:xmpp:sm:3'\/><\/bound><\/success><stream:features>/,
  );
});

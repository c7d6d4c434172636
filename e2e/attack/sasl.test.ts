/** Logins that are not what they seem: each fails with the condition of RFC 6120 6.5, and nobody is logged in. */
import assert from "node:assert/strict";
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { RawClient } from "../../server/net/testing.ts";
import { TestServer } from "../support/server.ts";
import { base64, header, loggedIn, NS_SASL, plain } from "./raw-login.ts";

const password = "correct horse";
let server: TestServer;
before(async () => {
  server = await TestServer.start();
  for (const user of ["amy", "ben"]) await server.register(user, password);
});
after(() => server.stop());

const auth = (mechanism: string, initial: string): string =>
  `<auth xmlns='${NS_SASL}' mechanism='${mechanism}'>${initial}</auth>`;
const response = (text: string): string => `<response xmlns='${NS_SASL}'>${base64(text)}</response>`;

/** The condition of the failure; `success` where there is none. */
async function outcome(client: RawClient): Promise<string> {
  const answer = await client.until(/<success[^>]*>|<\/failure>|<stream:error>.*<\/stream:error>/);
  if (answer.includes("<success")) return "success";
  return /<(?:failure|stream:error)[^>]*><([a-z-]+)/.exec(answer)?.[1] ?? "none";
}

async function outcomeOf(input: string): Promise<string> {
  const client = await RawClient.connect(server.c2sPort);
  client.send(header() + input);
  try {
    return await outcome(client);
  } finally {
    client.destroy();
  }
}

describe("PLAIN", () => {
  const text = (value: string): string => auth("PLAIN", base64(value));
  const cases: [name: string, input: string, condition: string][] = [
    ["the authzid of somebody else", plain("ben@localhost", "amy", password), "invalid-authzid"],
    ["the authzid of the server", plain("localhost", "amy", password), "invalid-authzid"],
    ["an authzid with a resource", plain("amy@localhost/desk", "amy", password), "invalid-authzid"],
    ["something behind the password", text(`\0amy\0${password}\0more`), "malformed-request"],
    ["no password", text("\0amy"), "malformed-request"],
    ["an empty user", text(`\0\0${password}`), "malformed-request"],
    ["an empty password", text("\0amy\0"), "malformed-request"],
    ["a password with a soft hyphen", text(`\0amy\0${password}\u00ad`), "not-authorized"],
    ["a zero-width space in the user", text(`\0am\u200by\0${password}`), "not-authorized"],
    ["no base64", auth("PLAIN", "!!!!"), "incorrect-encoding"],
    ["base64 with a line break", auth("PLAIN", `${base64(`\0amy\0${password}`).slice(0, 8)}\n=`), "incorrect-encoding"],
    [
      "bytes that are no UTF-8",
      auth("PLAIN", Buffer.from([0, 0xff, 0xfe, 0, 0xff]).toString("base64")),
      "malformed-request",
    ],
    ["an unknown mechanism", auth("X-OAUTH", base64("x")), "invalid-mechanism"],
    ["a mechanism in lower case", auth("plain", base64(`\0amy\0${password}`)), "invalid-mechanism"],
    ["a response to nothing", response("x"), "malformed-request"],
  ];
  for (const [name, input, condition] of cases)
    test(`${name}: ${condition}`, async () => assert.equal(await outcomeOf(input), condition));
});

describe("SCRAM", () => {
  const scram = (message: string): string => auth("SCRAM-SHA-1", base64(message));

  /** Plays SCRAM-SHA-1 honestly but for what `change` does to the last message (RFC 5802 5.1). */
  async function played(first: string, channel: string, change: (final: string) => string = (final) => final) {
    const client = await RawClient.connect(server.c2sPort);
    const bare = first.replace(/^[^,]*,[^,]*,/, "");
    client.send(header() + scram(first));
    const challenge = /<challenge[^>]*>([^<]+)/.exec(await client.until("</challenge>"))?.[1] ?? "";
    const serverFirst = Buffer.from(challenge, "base64").toString("utf8");
    const field = (name: string): string => new RegExp(`(?:^|,)${name}=([^,]*)`).exec(serverFirst)?.[1] ?? "";
    const salted = pbkdf2Sync(password, Buffer.from(field("s"), "base64"), Number(field("i")), 20, "sha1");
    const hmac = (key: Buffer, value: string): Buffer => createHmac("sha1", key).update(value).digest();
    const clientKey = hmac(salted, "Client Key");
    const without = `c=${base64(channel)},r=${field("r")}`;
    const signature = hmac(createHash("sha1").update(clientKey).digest(), `${bare},${serverFirst},${without}`);
    const proof = Buffer.from(clientKey.map((byte, index) => byte ^ signature[index]!)).toString("base64");
    client.send(response(change(`${without},p=${proof}`)));
    try {
      return await outcome(client);
    } finally {
      client.destroy();
    }
  }

  test("an honest one succeeds", async () => assert.equal(await played("n,,n=amy,r=abc", "n,,"), "success"));
  const played_: [name: string, first: string, channel: string, change: (final: string) => string][] = [
    ["another channel than the one that was begun with", "n,,n=amy,r=abc", "y,,", (final) => final],
    ["a nonce that was cut", "n,,n=amy,r=abc", "n,,", (final) => final.replace(/r=([^,]*).,/, "r=$1,")],
    ["a proof of another length", "n,,n=amy,r=abc", "n,,", (final) => final.replace(/p=.*/, `p=${base64("short")}`)],
    ["an extension that must be understood", "n,,n=amy,r=abc", "n,,", (final) => final.replace(",p=", ",m=x,p=")],
  ];
  for (const [name, first, channel, change] of played_)
    test(name, async () => assert.notEqual(await played(first, channel, change), "success"));

  const refused: [name: string, message: string][] = [
    ["the authzid of somebody else", "n,a=ben@localhost,n=amy,r=abc"],
    ["an extension that must be understood, at first", "n,,m=x,n=amy,r=abc"],
    ["a channel binding without PLUS", "p=tls-exporter,,n=amy,r=abc"],
    ["no nonce", "n,,n=amy"],
    ["an empty nonce", "n,,n=amy,r="],
    ["a comma in the nonce", "n,,n=amy,r=a,b,c=d"],
    ["a name with a broken escape", "n,,n=a=2my,r=abc"],
    ["a space", " "],
  ];
  for (const [name, message] of refused)
    test(name, async () => assert.match(await outcomeOf(scram(message)), /malformed|not-authorized|invalid-authzid/));

  test("a user who is not there gets the same salt twice, and as many rounds as others", async () => {
    const firsts: string[] = [];
    for (const user of ["nobody", "nobody", "amy"]) {
      const client = await RawClient.connect(server.c2sPort);
      client.send(header() + scram(`n,,n=${user},r=abc`));
      const challenge = /<challenge[^>]*>([^<]+)/.exec(await client.until("</challenge>"))?.[1] ?? "";
      firsts.push(
        Buffer.from(challenge, "base64")
          .toString("utf8")
          .replace(/^r=[^,]*,/, ""),
      );
      client.destroy();
    }
    assert.equal(firsts[0], firsts[1]);
    assert.equal(/i=\d+/.exec(firsts[0]!)?.[0], /i=\d+/.exec(firsts[2]!)?.[0]);
    assert.equal(firsts[0]!.length, firsts[2]!.length);
  });
});

describe("downgrades", () => {
  test("a client that says it could bind the channel where the server offered it: refused", async () => {
    const client = await RawClient.connectTls(server.tlsPort, {
      servername: "localhost",
      ALPNProtocols: ["xmpp-client"],
    });
    client.send(header());
    assert.match(await client.until("</stream:features>"), /SCRAM-SHA-1-PLUS/);
    client.send(auth("SCRAM-SHA-1", base64("y,,n=amy,r=abc")));
    // Whether at once or at the proof is the server's choice; there must be no success.
    const answer = await client.until(/<challenge|<\/failure>/);
    if (answer.includes("<challenge")) {
      client.send(response("c=eSws,r=abc,p=AAAA"));
      assert.notEqual(await outcome(client), "success");
    }
    client.destroy();
  });

  test("a token that was never given (FAST): not-authorized", async () => {
    const client = await RawClient.connectTls(server.tlsPort, {
      servername: "localhost",
      ALPNProtocols: ["xmpp-client"],
    });
    client.send(header());
    const mechanism = /HT-SHA-256-[A-Z]+/.exec(await client.until("</stream:features>"))?.[0] ?? "";
    assert.notEqual(mechanism, "");
    const initial = Buffer.concat([Buffer.from("amy\0"), Buffer.alloc(32, 7)]).toString("base64");
    client.send(
      `<authenticate xmlns='urn:xmpp:sasl:2' mechanism='${mechanism}'><initial-response>${initial}</initial-response>` +
        "<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'/><fast xmlns='urn:xmpp:fast:0'/></authenticate>",
    );
    assert.match(await client.until("</failure>"), /<not-authorized/);
    client.destroy();
  });
});

describe("what is bound", () => {
  const bind = async (resource: string): Promise<string> => {
    const client = await RawClient.connect(server.c2sPort);
    client.send(header() + plain("", "amy", password));
    await client.until("<success");
    client.send(
      `${header()}<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>${resource}</resource></bind></iq>`,
    );
    const answer = await client.until("</iq>");
    client.destroy();
    return /<jid>([^<]*)/.exec(answer)?.[1] ?? /<error[^>]*><([a-z-]+)/.exec(answer)?.[1] ?? "none";
  };
  const strange: [name: string, resource: string][] = [
    ["only a zero-width space", "\u200b"],
    ["a control character", "&#x9;"],
    ["2,000 bytes", "x".repeat(2_000)],
    ["an unassigned character", "\u{e0080}"],
  ];
  for (const [name, resource] of strange)
    test(`${name}: refused, or another resource, never an empty one`, async () => {
      const bound = await bind(resource);
      assert.ok(/^[a-z-]+$/.test(bound) || /^amy@localhost\/[ -~]+$/.test(bound), bound);
    });

  test("a second login on one stream: the end", async () => {
    const client = await loggedIn(server.c2sPort, "amy", password);
    client.send(plain("", "ben", password));
    assert.match(await client.ended(), /<stream:error>/);
  });

  test("a session of another's resource: a new one, or conflict, never the other's stanzas", async () => {
    const [one, two] = [await bind("desk"), await bind("desk")];
    for (const jid of [one, two]) assert.match(jid, /^amy@localhost\/|^conflict$/);
  });
});

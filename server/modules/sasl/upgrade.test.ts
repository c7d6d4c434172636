import { pbkdf2Sync, randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keysFrom, SCRAM_MECHANISMS, type ScramMechanism } from "../../core/credentials.ts";
import { base64, scramClient } from "../../core/testing-streams.ts";
import { RawClient } from "../../net/testing.ts";
import { Jid } from "../../xmpp/jid.ts";
import {
  authenticate,
  conditionOf,
  header,
  host,
  juliet,
  plain,
  response,
  server,
  start,
  stop,
  stream,
} from "./testing.ts";

const mercutio = Jid.of("mercutio", host);
const password = "queen mab";
const hashes = { "SCRAM-SHA-1": "sha1", "SCRAM-SHA-256": "sha256", "SCRAM-SHA-512": "sha512" } as const;
const bytes = { "SCRAM-SHA-1": 20, "SCRAM-SHA-256": 32, "SCRAM-SHA-512": 64 } as const;

/** An account as another server had it: with the keys of one mechanism. */
async function imported(mechanism: ScramMechanism): Promise<void> {
  const salt = randomBytes(16);
  const iterations = 4096;
  const saltedPassword = pbkdf2Sync(password, salt, iterations, bytes[mechanism], hashes[mechanism]);
  const keys = { [mechanism]: keysFrom(mechanism, { salt, iterations, saltedPassword }) };
  await server.core.accounts.restore(mercutio, { password: null, keys });
}

beforeEach(async () => {
  await start();
  await imported("SCRAM-SHA-1");
});
afterEach(stop);

const keysOf = async (): Promise<string[]> =>
  Object.keys((await server.core.accounts.keysOf(mercutio)) ?? {}).toSorted();
const namesIn = (features: string, element: string): string[] =>
  [...features.matchAll(new RegExp(`<${element}[^>]*>([^<]+)</${element}>`, "g"))].map((match) => match[1]!);
const wish = (...tasks: string[]): string =>
  tasks.map((task) => `<upgrade xmlns='urn:xmpp:sasl:upgrade:0'>${task}</upgrade>`).join("");
const next = (task: string): string => `<next xmlns='urn:xmpp:sasl:2' task='${task}'/>`;
const taskData = (hash: Buffer): string =>
  `<task-data xmlns='urn:xmpp:sasl:2'><hash xmlns='urn:xmpp:scram-upgrade:0'>${hash.toString("base64")}</hash></task-data>`;
const told = /<\/continue>|<\/task-data>|<\/failure>|<\/success>/;

/** Logs in by SCRAM-SHA-1 and wishes for tasks; answers with what comes of it. */
async function login(inside: string, more = ""): Promise<{ client: RawClient; answer: string; signature: string }> {
  const { client } = await stream({ from: mercutio.bare });
  const messages = scramClient("mercutio", password, { hash: "sha1" });
  client.send(authenticate("SCRAM-SHA-1", messages.first, inside + more));
  const challenge = /<challenge [^>]*>([^<]*)</.exec(await client.until("</challenge>"))?.[1] ?? "";
  const { message, signature } = messages.final(Buffer.from(challenge, "base64").toString());
  client.send(response(message));
  return { client, answer: await client.until(told), signature };
}

/** What a client does that knows the password; `hash` is what it answers instead. */
async function perform(client: RawClient, mechanism: ScramMechanism, hash?: Buffer): Promise<string> {
  client.send(next(`UPGR-${mechanism}`));
  const [, iterations, salt = ""] =
    /<salt xmlns='urn:xmpp:scram-upgrade:0' iterations='(\d+)'>([^<]+)<\/salt>/.exec(await client.until(told)) ?? [];
  const salted = pbkdf2Sync(
    password,
    Buffer.from(salt, "base64"),
    Number(iterations),
    bytes[mechanism],
    hashes[mechanism],
  );
  client.send(taskData(hash ?? salted));
  return client.until(told);
}

describe("what is offered", () => {
  it("to who names the account are the mechanisms that let it in, and the upgrades to the others", async () => {
    const { features } = await stream({ from: mercutio.bare });
    const [sasl2 = ""] = /<authentication .*<\/authentication>/.exec(features) ?? [];
    const mechanisms = namesIn(sasl2, "mechanism").filter((name) => !name.startsWith("HT-"));
    expect(mechanisms).toEqual(["SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", "PLAIN"]);
    expect(namesIn(sasl2, "upgrade")).toEqual(["UPGR-SCRAM-SHA-256", "UPGR-SCRAM-SHA-512"]);
    const [rfc6120 = ""] = /<mechanisms .*<\/mechanisms>/.exec(features) ?? [];
    expect(namesIn(rfc6120, "mechanism")).toEqual(["SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", "PLAIN"]);
  });

  it.each([
    ["nobody", undefined],
    ["an account that has all keys", juliet.bare],
    ["no account", `nobody@${host}`],
  ])("to who names %s is everything, and no upgrade", async (_name, from) => {
    const { features } = await stream(from === undefined ? {} : { from });
    expect(features).toContain("<mechanism>SCRAM-SHA-512-PLUS</mechanism>");
    expect(features).not.toContain("urn:xmpp:sasl:upgrade:0");
  });

  it("is no mechanism that the operator has taken away", async () => {
    await stop();
    await start((draft) => {
      draft.modules = { sasl: { enabled: true, options: { mechanisms: ["SCRAM-SHA-256", "SCRAM-SHA-1"] } } };
    });
    await imported("SCRAM-SHA-1");
    const { features } = await stream({ from: mercutio.bare });
    expect(namesIn(features, "upgrade")).toEqual(["UPGR-SCRAM-SHA-256"]);
    const { answer } = await login(wish("UPGR-SCRAM-SHA-512"));
    expect(conditionOf(answer)).toBe("success");
  });

  it("is waited for by what comes right behind the header", async () => {
    const client = await RawClient.connectTls(server.tlsPort);
    client.send(header(mercutio.bare) + authenticate("PLAIN", `\0mercutio\0${password}`));
    const all = await client.until(/<\/success>|<\/failure>/);
    expect(all.indexOf("UPGR-SCRAM-SHA-256")).toBeGreaterThan(0);
    expect(conditionOf(all)).toBe("success");
    client.destroy();
  });

  it("is found out after a restart by the first who fails for it", async () => {
    const { keys } = { keys: (await server.core.accounts.keysOf(mercutio))! };
    await stop();
    await start();
    await server.stores.accounts.create({
      host,
      local: "mercutio",
      credentials: { kind: "scram", keys },
      createdAt: 0,
      createdVia: "import",
      createdFrom: null,
    });
    expect((await stream({ from: mercutio.bare })).features).not.toContain("UPGR-");
    const { client } = await stream();
    client.send(authenticate("SCRAM-SHA-512", scramClient("mercutio", password, { hash: "sha512" }).first));
    await client.until("</challenge>");
    expect((await stream({ from: mercutio.bare })).features).toContain("UPGR-SCRAM-SHA-512");
  });
});

describe("an upgrade", () => {
  it("comes before the success, and the account has the keys from then on", async () => {
    const { client, answer, signature } = await login(wish("UPGR-SCRAM-SHA-256"));
    expect(answer).toBe(
      `<continue xmlns='urn:xmpp:sasl:2'><additional-data>${base64(signature)}</additional-data><tasks><task>UPGR-SCRAM-SHA-256</task></tasks></continue>`,
    );
    expect(await perform(client, "SCRAM-SHA-256")).toBe(
      `<success xmlns='urn:xmpp:sasl:2'><authorization-identifier>${mercutio.bare}</authorization-identifier></success>`,
    );
    expect(await keysOf()).toEqual(["SCRAM-SHA-1", "SCRAM-SHA-256"]);
    expect(namesIn((await stream({ from: mercutio.bare })).features, "upgrade")).toEqual(["UPGR-SCRAM-SHA-512"]);
    const again = (await stream({ from: mercutio.bare })).client;
    const messages = scramClient("mercutio", password, { hash: "sha256" });
    again.send(authenticate("SCRAM-SHA-256", messages.first));
    const challenge = /<challenge [^>]*>([^<]*)</.exec(await again.until("</challenge>"))?.[1] ?? "";
    const { message, signature: theirs } = messages.final(Buffer.from(challenge, "base64").toString());
    again.send(response(message));
    expect(await again.until("</success>")).toContain(base64(theirs));
  });

  it("is followed by the next one, and what was asked for with the login comes with the success", async () => {
    const tasks = wish("UPGR-SCRAM-SHA-512", "UPGR-BLOOP-42", "UPGR-SCRAM-SHA-256");
    const { client, answer } = await login(tasks, "<bind xmlns='urn:xmpp:bind:0'><tag>x</tag></bind>");
    expect(answer).toContain("<task>UPGR-SCRAM-SHA-256</task>");
    const second = await perform(client, "SCRAM-SHA-256");
    expect(second).toBe("<continue xmlns='urn:xmpp:sasl:2'><tasks><task>UPGR-SCRAM-SHA-512</task></tasks></continue>");
    const success = await perform(client, "SCRAM-SHA-512");
    expect(success).toContain("<bound xmlns='urn:xmpp:bind:0'>");
    expect(success).not.toContain("<additional-data>");
    expect(await keysOf()).toEqual([...SCRAM_MECHANISMS].toSorted());
    expect(server.core.sessions.of(mercutio)).toHaveLength(1);
  });

  it.each([
    ["nothing that is missing", wish("UPGR-SCRAM-SHA-1")],
    ["nothing known", wish("UPGR-BLOOP2")],
    ["nothing", ""],
  ])("is not asked of who wishes for %s", async (_name, wishes) => {
    const { answer } = await login(wishes);
    expect(conditionOf(answer)).toBe("success");
    expect(await keysOf()).toEqual(["SCRAM-SHA-1"]);
  });

  it("is not needed for who sends the password, and not for accounts that lack nothing", async () => {
    const { client } = await stream({ from: juliet.bare });
    client.send(plain(wish("UPGR-SCRAM-SHA-256")));
    expect(conditionOf(await client.until(told))).toBe("success");
  });

  it.each<[name: string, xml: string, isBegun: boolean, condition: string]>([
    ["another task", next("UPGR-SCRAM-SHA-512"), false, "malformed-request"],
    ["an answer before the question", taskData(Buffer.alloc(32)), false, "malformed-request"],
    ["the question once more", next("UPGR-SCRAM-SHA-256"), true, "malformed-request"],
    ["a hash of another length", taskData(Buffer.alloc(20)), true, "malformed-request"],
    ["no hash", "<task-data xmlns='urn:xmpp:sasl:2'/>", true, "malformed-request"],
    ["no base64", taskData(Buffer.alloc(32)).replace("AAAA", "*"), true, "incorrect-encoding"],
    ["a second thought", "<abort xmlns='urn:xmpp:sasl:2'/>", true, "aborted"],
    ["an answer of the login", response("x"), false, "malformed-request"],
  ])("fails for %s, and the stream with it", async (_name, xml, isBegun, condition) => {
    const { client } = await login(wish("UPGR-SCRAM-SHA-256"));
    if (isBegun) {
      client.send(next("UPGR-SCRAM-SHA-256"));
      await client.until("</task-data>");
    }
    client.send(xml);
    expect(conditionOf(await client.until(told))).toBe(condition);
    expect(await client.ended()).toContain("</stream:stream>");
    expect(await keysOf()).toEqual(["SCRAM-SHA-1"]);
    expect(server.core.sessions.size).toBe(0);
  });

  it.each([
    ["another login", authenticate("PLAIN", `\0mercutio\0${password}`)],
    ["a message", "<message to='juliet@capulet.example'><body>x</body></message>"],
    ["the other profile", "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'/>"],
  ])("lets nothing in between: %s ends the stream (XEP-0388 4.8)", async (_name, xml) => {
    const { client } = await login(wish("UPGR-SCRAM-SHA-256"));
    client.send(xml);
    expect(await client.ended()).toContain("<policy-violation");
  });

  it("does not bring back a password that was changed meanwhile", async () => {
    const { client } = await login(wish("UPGR-SCRAM-SHA-256"));
    await server.core.accounts.changePassword(mercutio, "benedicite");
    const keys = await server.core.accounts.keysOf(mercutio);
    expect(conditionOf(await perform(client, "SCRAM-SHA-256"))).toBe("not-authorized");
    expect(await server.core.accounts.keysOf(mercutio)).toEqual(keys);
  });

  it("that was asked of two takes the first answer", async () => {
    const [one, other] = [await login(wish("UPGR-SCRAM-SHA-256")), await login(wish("UPGR-SCRAM-SHA-256"))];
    expect(conditionOf(await perform(one.client, "SCRAM-SHA-256"))).toBe("success");
    const keys = await server.core.accounts.keysOf(mercutio);
    expect(conditionOf(await perform(other.client, "SCRAM-SHA-256", Buffer.alloc(32, 1)))).toBe("success");
    expect(await server.core.accounts.keysOf(mercutio)).toEqual(keys);
  });
});

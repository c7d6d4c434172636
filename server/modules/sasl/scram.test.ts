import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { assert, asyncProperty, integer, nat, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { scramClient } from "../../core/testing-streams.ts";
import type { ScramKeys, ScramMechanism } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";
import { downgradeHash } from "./downgrade.ts";
import type { Offered, SaslContext, SaslExchange } from "./mechanism.ts";
import { scram } from "./scram.ts";

const hashes = { "SCRAM-SHA-1": "sha1", "SCRAM-SHA-256": "sha256", "SCRAM-SHA-512": "sha512" } as const;

function keysOf(mechanism: ScramMechanism, password: string, salt: string): ScramKeys {
  const hash = hashes[mechanism];
  const { length } = createHash(hash).digest();
  const salted = pbkdf2Sync(password, Buffer.from(salt, "base64"), 4096, length, hash);
  const hmac = (text: string): Buffer => createHmac(hash, salted).update(text).digest();
  const storedKey = createHash(hash).update(hmac("Client Key")).digest("base64");
  return { salt, iterations: 4096, storedKey, serverKey: hmac("Server Key").toString("base64") };
}

interface Circumstances {
  readonly isReal?: boolean;
  readonly suspended?: boolean;
  readonly isPlusOffered?: boolean;
  readonly binding?: Buffer;
  readonly salt?: string;
  readonly offered?: Offered;
  readonly from?: Jid;
}

function contextFor(mechanism: ScramMechanism, circumstances: Circumstances = {}): SaslContext {
  const { isReal = true, suspended = false, isPlusOffered = false, binding, salt = "QSXCR+Q6sek8bf92" } = circumstances;
  const keys = keysOf(mechanism, "pencil", salt);
  return {
    host: "bix.org",
    accounts: {
      scram: () => Promise.resolve({ keys, isReal, suspended }),
      verify: () => Promise.reject(new Error("not SCRAM's")),
      standing: () => Promise.reject(new Error("not SCRAM's")),
      whyDisabled: () => Promise.resolve(undefined),
    },
    clients: { find: () => Promise.resolve(null), tokenText: () => "" },
    now: () => 0,
    agentId: null,
    clientId: () => "",
    certified: [],
    from: circumstances.from ?? null,
    offered: circumstances.offered ?? null,
    isPlusOffered,
    channelBinding: (type) => (type === "tls-exporter" ? binding : undefined),
    identified() {},
  };
}

async function challengeOf(exchange: SaslExchange, first: string): Promise<string> {
  const step = await exchange.step(Buffer.from(first));
  if (step.kind !== "challenge") throw new Error("a challenge comes first");
  return step.data.toString();
}

/** Runs an exchange; the second message may be changed on its way. */
async function run(
  options: Parameters<typeof scramClient>[2],
  circumstances: Circumstances,
  change: (message: string) => string = (message) => message,
): Promise<string> {
  const exchange = scram("SCRAM-SHA-256", circumstances.binding !== undefined).start(
    contextFor("SCRAM-SHA-256", circumstances),
  );
  const client = scramClient("user", "pencil", options);
  try {
    const answer = client.final(await challengeOf(exchange, client.first));
    const step = await exchange.step(Buffer.from(change(answer.message)));
    if (step.kind !== "success") return "another challenge";
    expect(step.data?.toString()).toBe(answer.signature);
    return step.account.bare;
  } catch (error) {
    return (error as { condition?: string }).condition ?? String(error);
  }
}

describe("the RFCs' examples", () => {
  it.each([
    {
      mechanism: "SCRAM-SHA-1" as const,
      source: "RFC 5802 5",
      salt: "QSXCR+Q6sek8bf92",
      first: "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
      nonce: "3rfcNHYJY1ZVvWVs7j",
      proof: "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
      signature: "rmF9pqV8S7suAoZWja4dJRkFsKQ=",
    },
    {
      mechanism: "SCRAM-SHA-256" as const,
      source: "RFC 7677 3",
      salt: "W22ZaJ0SNY7soEsUEjb6gQ==",
      first: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
      nonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
      proof: "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
      signature: "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
    },
  ])("$source", async ({ mechanism, salt, first, nonce, proof, signature }) => {
    const exchange = scram(mechanism, false, () => nonce).start(contextFor(mechanism, { salt }));
    const full = first.slice(first.indexOf("r=") + 2) + nonce;
    expect(await challengeOf(exchange, first)).toBe(`r=${full},s=${salt},i=4096`);
    const step = await exchange.step(Buffer.from(`c=biws,r=${full},p=${proof}`));
    expect(step).toMatchObject({ kind: "success", data: Buffer.from(`v=${signature}`) });
  });
});

describe("downgrade protection (XEP-0474)", () => {
  const offered = {
    mechanisms: ["SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"],
    bindings: ["tls-server-end-point", "tls-exporter"],
  };

  it("is as in its example, with an extension that the client puts into its message", async () => {
    const nonce = "12C4CD5C-E38E-4A98-8F6D-15C38F51CCC6a09117a6-ac50-4f2f-93f1-93799c2bddf6";
    const exchange = scram("SCRAM-SHA-1", true, () => "a09117a6-ac50-4f2f-93f1-93799c2bddf6").start(
      contextFor("SCRAM-SHA-1", { offered, binding: Buffer.from("THIS IS FAKE CB DATA") }),
    );
    const challenge = await challengeOf(exchange, "p=tls-exporter,,n=user,r=12C4CD5C-E38E-4A98-8F6D-15C38F51CCC6");
    expect(challenge).toBe(`r=${nonce},s=QSXCR+Q6sek8bf92,i=4096,h=G6k/rBLDqgOhRRaCuuatSDFkJ08=`);
    const final = `c=cD10bHMtZXhwb3J0ZXIsLFRISVMgSVMgRkFLRSBDQiBEQVRB,r=${nonce},x=19C6532F-1CF4-4A27-A18D-DC9CEA41BBB3`;
    const step = await exchange.step(Buffer.from(`${final},p=M/SIDjT+dfcxUh89jZEypRvFxB4=`));
    expect(step).toMatchObject({ kind: "success", data: Buffer.from("v=MQrMPvv7yv4x4Cq4W4Ih25EqS2c=") });
  });

  it("hashes the mechanisms alone where nothing was said of bindings, whatever their order", () => {
    const { mechanisms } = offered;
    const hash = createHash("sha256").update("SCRAM-SHA-1\x1eSCRAM-SHA-1-PLUS").digest("base64");
    expect(downgradeHash({ mechanisms, bindings: null }, "sha256")).toBe(hash);
    expect(downgradeHash({ mechanisms: mechanisms.toReversed(), bindings: null }, "sha256")).toBe(hash);
  });

  it.each([
    ["a mechanism", { ...offered, mechanisms: ["SCRAM-SHA-1"] }],
    ["a binding", { ...offered, bindings: ["tls-server-end-point"] }],
    ["all bindings", { ...offered, bindings: null }],
  ])("shows that somebody took away %s", async (_what, seen) => {
    const exchange = scram("SCRAM-SHA-256", false).start(contextFor("SCRAM-SHA-256", { offered }));
    const challenge = await challengeOf(exchange, "n,,n=user,r=abc");
    expect(challenge.endsWith(`,h=${downgradeHash(offered, "sha256")}`)).toBe(true);
    expect(challenge).not.toContain(downgradeHash(seen, "sha256"));
  });
});

describe("an exchange", () => {
  const binding = Buffer.from("what both ends of the TLS connection know");
  const p = "p=tls-exporter,,";

  it.each<[name: string, options: Parameters<typeof scramClient>[2], circumstances: Circumstances, outcome: string]>([
    ["without channel binding", {}, {}, "user@bix.org"],
    ["that knows of none", { gs2Header: "y,," }, {}, "user@bix.org"],
    ["with channel binding", { gs2Header: p, binding }, { binding }, "user@bix.org"],
    ["with its own address as authzid", { gs2Header: "n,a=user@bix.org," }, {}, "user@bix.org"],
    ["with somebody else as authzid", { gs2Header: "n,a=amy@bix.org," }, {}, "invalid-authzid"],
    ["that was told of no channel binding", { gs2Header: "y,," }, { isPlusOffered: true }, "not-authorized"],
    ["with p= in a mechanism without -PLUS", { gs2Header: p, binding }, {}, "malformed-request"],
    ["with n in a -PLUS mechanism", { gs2Header: "n,," }, { binding }, "malformed-request"],
    ["with y in a -PLUS mechanism", { gs2Header: "y,," }, { binding }, "malformed-request"],
    ["with an unknown binding", { gs2Header: "p=tls-unique,,", binding }, { binding }, "not-authorized"],
    ["bound to another connection", { gs2Header: p, binding: Buffer.from("?") }, { binding }, "not-authorized"],
    ["of an account that does not exist", {}, { isReal: false }, "not-authorized"],
    ["of a suspended account", {}, { suspended: true }, "account-disabled"],
  ])("%s", async (_name, options, circumstances, outcome) => {
    expect(await run(options, circumstances)).toBe(outcome);
  });

  it.each<[name: string, change: (message: string) => string, outcome: string]>([
    ["another c=", (message) => message.replace("c=biws", "c=eSws"), "not-authorized"],
    ["c= in another encoding", (message) => message.replace("c=biws", "c=biws===="), "not-authorized"],
    ["another nonce", (message) => message.replace(",r=", ",r=x"), "not-authorized"],
    [
      "another proof",
      (message) => message.replace(/p=.*/, `p=${Buffer.alloc(32).toString("base64")}`),
      "not-authorized",
    ],
    ["a short proof", (message) => message.replace(/p=.*/, "p=AAAA"), "not-authorized"],
    ["no proof", (message) => message.replace(/,p=.*/, ""), "malformed-request"],
    ["an extension", (message) => message.replace(",p=", ",x=y,p="), "not-authorized"],
    ["one that must be understood", (message) => `m=x,${message}`, "malformed-request"],
    ["something behind", (message) => `${message},x=y`, "malformed-request"],
    ["NUL", (message) => `${message}\0`, "malformed-request"],
  ])("fails for %s", async (_name, change, outcome) => {
    expect(await run({}, {}, change)).toBe(outcome);
  });

  it.each([
    ["m=ext,n=user,r=abc"],
    ["n,,m=ext,n=user,r=abc"],
    ["n,,n=user"],
    ["n,,n=,r=abc"],
    ["n,,n=us=er,r=abc"],
    ["n,,n=user,r=a bc"],
    ["n,n=user,r=abc"],
    ["p=,,n=user,r=abc"],
    ["f,,n=user,r=abc"],
    [""],
  ])("refuses to begin with %j", async (first) => {
    const exchange = scram("SCRAM-SHA-1", false).start(contextFor("SCRAM-SHA-1"));
    await expect(exchange.step(Buffer.from(first))).rejects.toMatchObject({ condition: "malformed-request" });
  });

  it("takes a comma and an equals sign in a name", async () => {
    const asked: string[] = [];
    const context: SaslContext = { ...contextFor("SCRAM-SHA-1"), identified: (account) => asked.push(account.local) };
    await scram("SCRAM-SHA-1", false).start(context).step(Buffer.from("n,,n=a=2Cb=3D,r=abc"));
    expect(asked).toEqual(["a,b="]);
  });

  it("lets nobody in with a proof that was changed anywhere", async () => {
    await assert(
      asyncProperty(nat(), integer({ min: 1, max: 127 }), async (position, difference) => {
        const outcome = await run({}, {}, (message) => {
          const bytes = Buffer.from(message);
          const at = position % bytes.length;
          bytes[at] = bytes[at]! ^ difference;
          return bytes.toString("latin1");
        });
        expect(outcome).toMatch(/^(not-authorized|malformed-request)$/);
      }),
      { numRuns: 60 },
    );
  });

  it("is for the one who authenticated, whatever is claimed", async () => {
    const text = string({ unit: "grapheme", minLength: 1, maxLength: 20 });
    await assert(
      asyncProperty(text, async (authzid) => {
        const escaped = authzid.replaceAll("=", "=3D").replaceAll(",", "=2C");
        const outcome = await run({ gs2Header: `n,a=${escaped},` }, {});
        if (outcome.includes("@")) expect(outcome).toBe("user@bix.org");
        else expect(outcome).toMatch(/^(invalid-authzid|malformed-request)$/);
        if (outcome.includes("@")) expect(Jid.parse(authzid).bare).toBe("user@bix.org");
      }),
      { numRuns: 50 },
    );
  });
});

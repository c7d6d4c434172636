import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Jid } from "../xmpp/jid.ts";
import { Passkeys } from "./passkeys.ts";
import { adminTestServer, type AdminTestServer, boss, user } from "./testing.ts";

const host = "chat.example";
const owner = Jid.parse(boss);
const userPresent = 1;
const userVerified = 4;
const withCredential = 0x40;

const base64url = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString("base64url");
const sha256 = (text: Uint8Array | string): Buffer => createHash("sha256").update(text).digest();

/** CBOR (RFC 8949) of what an authenticator writes. */
function cbor(value: number | string | Uint8Array | Map<number | string, unknown>): Buffer {
  const head = (major: number, length: number): Buffer => {
    if (length < 24) return Buffer.from([(major << 5) | length]);
    if (length < 256) return Buffer.from([(major << 5) | 24, length]);
    return Buffer.from([(major << 5) | 25, length >> 8, length & 255]);
  };
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  const entries = Array.from(value, ([key, one]) => [cbor(key), cbor(one as Parameters<typeof cbor>[0])]);
  return Buffer.concat([head(5, value.size), ...entries.flat()]);
}

interface Said {
  readonly challenge: string;
  readonly origin?: string;
  readonly rp?: string;
  readonly counter?: number;
  readonly flags?: number;
}

/** An authenticator with one passkey, as a browser hands on what it says (WebAuthn 3, 6.1, 6.3). */
class Authenticator {
  readonly id = base64url(randomBytes(16));
  readonly #key = generateKeyPairSync("ec", { namedCurve: "P-256" });

  register({ challenge, origin, rp, counter = 0, flags = userPresent | userVerified }: Said): string {
    const { x, y } = this.#key.publicKey.export({ format: "jwk" });
    const point = (text: string | undefined): Buffer => Buffer.from(text ?? "", "base64url");
    const key = cbor(
      new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, point(x)],
        [-3, point(y)],
      ]),
    );
    const id = Buffer.from(this.id, "base64url");
    const about = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, key]);
    const authData = Buffer.concat([dataOf(rp, flags | withCredential, counter), about]);
    const attestation = new Map<string, unknown>([
      ["fmt", "none"],
      ["attStmt", new Map()],
      ["authData", authData],
    ]);
    return this.#answer("webauthn.create", challenge, origin, () => ({
      attestationObject: base64url(cbor(attestation)),
    }));
  }

  logIn({ challenge, origin, rp, counter = 1, flags = userPresent | userVerified }: Said): string {
    return this.#answer("webauthn.get", challenge, origin, (client) => {
      const data = dataOf(rp, flags, counter);
      const signature = sign("sha256", Buffer.concat([data, sha256(client)]), this.#key.privateKey);
      return { authenticatorData: base64url(data), signature: base64url(signature) };
    });
  }

  #answer(type: string, challenge: string, origin = `https://${host}`, rest: (client: string) => object): string {
    const client = JSON.stringify({ type, challenge, origin, crossOrigin: false });
    const response = { clientDataJSON: base64url(client), ...rest(client) };
    return JSON.stringify({ id: this.id, rawId: this.id, type: "public-key", response, clientExtensionResults: {} });
  }
}

function dataOf(rp = host, flags: number, counter: number): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(counter);
  return Buffer.concat([sha256(rp), Buffer.from([flags]), count]);
}

let server: AdminTestServer;
let passkeys: Passkeys;
let phone: Authenticator;
beforeEach(async () => {
  server = await adminTestServer();
  passkeys = new Passkeys(server.stores.factors, server.secrets, server.clock);
  phone = new Authenticator();
  const { id, options } = await passkeys.prepare(owner, host);
  const made = await passkeys.register(id, owner, phone.register({ challenge: options.challenge }));
  const { sealed, credential, counter } = made!;
  const row = { id: "1", jid: boss, kind: "passkey", name: "phone", createdAt: 0, lastUsedAt: null } as const;
  await server.stores.factors.put({ ...row, sealed, credential, counter });
});
afterEach(() => server.stop());

const asked = async () => {
  const { id, options } = await passkeys.ask(host);
  return { id, challenge: options.challenge };
};

test("a passkey is known again, as often as it is asked anew", async () => {
  for (const counter of [1, 2, 7]) {
    const { id, challenge } = await asked();
    expect(await passkeys.verify(id, phone.logIn({ challenge, counter }))).toBe(boss);
  }
});

test("an answer that was overheard opens nothing: not the same challenge again, and no other", async () => {
  const { id, challenge } = await asked();
  const answer = phone.logIn({ challenge });
  expect(await passkeys.verify(id, answer)).toBe(boss);
  expect(await passkeys.verify(id, answer)).toBeNull();
  const next = await asked();
  expect(await passkeys.verify(next.id, answer)).toBeNull();
});

test("two who bring the same answer at once are one", async () => {
  const { id, challenge } = await asked();
  const answer = phone.logIn({ challenge });
  const outcomes = await Promise.all([passkeys.verify(id, answer), passkeys.verify(id, answer)]);
  expect(outcomes.filter((jid) => jid === boss)).toHaveLength(1);
  expect(outcomes).toContain(null);
});

test("a wrong answer uses its challenge up", async () => {
  const { id, challenge } = await asked();
  expect(await passkeys.verify(id, new Authenticator().logIn({ challenge }))).toBeNull();
  expect(await passkeys.verify(id, phone.logIn({ challenge }))).toBeNull();
});

test("a counter that does not grow is that of a copy", async () => {
  const first = await asked();
  expect(await passkeys.verify(first.id, phone.logIn({ ...first, counter: 5 }))).toBe(boss);
  for (const counter of [5, 4, 0]) {
    const { id, challenge } = await asked();
    expect(await passkeys.verify(id, phone.logIn({ challenge, counter }))).toBeNull();
  }
});

test.each<{ what: string; said: Partial<Said> }>([
  { what: "of another site that forwards the challenge", said: { origin: "https://chat.example.evil.test" } },
  { what: "for another name", said: { rp: "evil.test" } },
  { what: "nobody touched", said: { flags: 0 } },
  { what: "whose user was not verified", said: { flags: userPresent } },
  { what: "to a challenge of somebody's own", said: { challenge: base64url("a challenge of my own") } },
])("an answer $what is none", async ({ said }) => {
  const { id, challenge } = await asked();
  expect(await passkeys.verify(id, phone.logIn({ challenge, ...said }))).toBeNull();
});

test("somebody else's key does not sign for a passkey", async () => {
  const { id, challenge } = await asked();
  const forged = { ...JSON.parse(new Authenticator().logIn({ challenge })), id: phone.id, rawId: phone.id } as object;
  expect(await passkeys.verify(id, JSON.stringify(forged))).toBeNull();
});

test("a challenge is good for five minutes", async () => {
  const { id, challenge } = await asked();
  server.clock.advance(5 * 60_000 + 1);
  expect(await passkeys.verify(id, phone.logIn({ challenge }))).toBeNull();
});

test("a passkey is made for whoever was asked, and not by a log-in's challenge", async () => {
  const other = new Authenticator();
  const { id, options } = await passkeys.prepare(owner, host);
  expect(await passkeys.register(id, Jid.parse(user), other.register({ challenge: options.challenge }))).toBeNull();
  const { id: logIn, challenge } = await asked();
  expect(await passkeys.register(logIn, owner, other.register({ challenge }))).toBeNull();
  const again = await passkeys.prepare(owner, host);
  expect(await passkeys.verify(again.id, phone.logIn({ challenge: again.options.challenge }))).toBeNull();
});

test.each(["", "null", "[]", "{}", '{"id":7}', '{"id":"x","response":null}'])("%s is no answer", async (text) => {
  const { id } = await asked();
  await expect(passkeys.verify(id, text).catch((error: Error) => error.name)).resolves.not.toBe(boss);
});

import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { ScramKeys } from "../storage/ports.ts";
import { Jid } from "../xmpp/jid.ts";
import { PasswordHasher, preparePassword, SCRAM_MECHANISMS } from "./credentials.ts";
import { DerivationQueue, QueueFullError } from "./derivation-queue.ts";
import { Secrets, SecretsError } from "./secrets.ts";

const secrets = Secrets.ephemeral();
const hasher = new PasswordHasher(secrets);
const juliet = Jid.parse("juliet@bix.org");

/** RFC 5802 3, as a client works it out. */
function clientSide(
  hash: string,
  bytes: number,
  password: string,
  keys: ScramKeys,
): Pick<ScramKeys, "storedKey" | "serverKey"> {
  const salted = pbkdf2Sync(password, Buffer.from(keys.salt, "base64"), keys.iterations, bytes, hash);
  const hmac = (text: string): Buffer => createHmac(hash, salted).update(text).digest();
  const storedKey = createHash(hash).update(hmac("Client Key")).digest("base64");
  return { storedKey, serverKey: hmac("Server Key").toString("base64") };
}

describe("SCRAM keys", () => {
  test("are what RFC 5802 makes of the password, each with its own salt", async () => {
    const { keys } = await hasher.credentials("pencil");
    for (const [mechanism, hash, bytes] of [
      ["SCRAM-SHA-1", "sha1", 20],
      ["SCRAM-SHA-256", "sha256", 32],
      ["SCRAM-SHA-512", "sha512", 64],
    ] as const) {
      expect(keys[mechanism]).toMatchObject(clientSide(hash, bytes, "pencil", keys[mechanism]));
      expect(Buffer.from(keys[mechanism].salt, "base64")).toHaveLength(16);
      expect(keys[mechanism].iterations).toBeGreaterThanOrEqual(4096);
    }
    expect(new Set(SCRAM_MECHANISMS.map((mechanism) => keys[mechanism].salt)).size).toBe(3);
  });

  test("tell the right password from a wrong one", async () => {
    const { keys } = await hasher.credentials("pencil");
    expect(await hasher.verify(keys, "pencil")).toBe(true);
    expect(await hasher.verify(keys, "pencil ")).toBe(false);
    expect(await hasher.verify(keys, undefined)).toBe(false);
  });

  test("of a name that has no account are the same at each try and look like others", async () => {
    const decoy = hasher.decoy(juliet);
    expect(decoy).toEqual(new PasswordHasher(secrets).decoy(juliet));
    expect(decoy).not.toEqual(hasher.decoy(Jid.parse("romeo@bix.org")));
    const { keys } = await hasher.credentials("pencil");
    for (const mechanism of SCRAM_MECHANISMS) {
      expect(decoy[mechanism].iterations).toBe(keys[mechanism].iterations);
      for (const part of ["salt", "storedKey", "serverKey"] as const)
        expect(decoy[mechanism][part]).toHaveLength(keys[mechanism][part].length);
    }
  });
});

describe("passwords", () => {
  // RFC 8265 4.3.
  test.each([
    ["correct horse battery staple", "correct horse battery staple"],
    ["Correct Horse Battery Staple", "Correct Horse Battery Staple"],
    ["πßå", "πßå"],
    ["Jack of \u2666s", "Jack of \u2666s"],
    ["foo\u1680bar", "foo bar"],
    ["", undefined],
    ["my cat is a \u0009by", undefined],
    ["x".repeat(1024), undefined],
  ])("%j is prepared to %j", (password, prepared) => expect(preparePassword(password)).toBe(prepared));

  test("sealed ones open for their own account only", () => {
    const { sealed } = hasher.seal(juliet, "pencil");
    expect(sealed).not.toContain("pencil");
    expect(hasher.unseal(juliet, sealed)).toBe("pencil");
    expect(() => hasher.unseal(Jid.parse("romeo@bix.org"), sealed)).toThrow(SecretsError);
  });
});

describe("the queue of derivations", () => {
  test("somebody who logs in does not wait behind an import, and the width is kept", async () => {
    const queue = new DerivationQueue(2, 100);
    const order: string[] = [];
    let running = 0;
    const work = (name: string) => async (): Promise<void> => {
      running += 1;
      expect(running).toBeLessThanOrEqual(2);
      await Promise.resolve();
      order.push(name);
      running -= 1;
    };
    const patient = ["p1", "p2", "p3"].map((name) => queue.run(work(name), "patient"));
    const urgent = ["u1", "u2"].map((name) => queue.run(work(name)));
    await Promise.all([...patient, ...urgent]);
    expect(order.indexOf("u2")).toBeLessThan(order.indexOf("p2"));
  });

  test("refuses when too many wait, and goes on after a failure", async () => {
    const queue = new DerivationQueue(1, 1);
    const failing = queue.run(() => Promise.reject(new Error("broken")));
    const waiting = queue.run(() => Promise.resolve("done"));
    await expect(queue.run(() => Promise.resolve())).rejects.toBeInstanceOf(QueueFullError);
    await expect(failing).rejects.toThrow("broken");
    await expect(waiting).resolves.toBe("done");
  });
});

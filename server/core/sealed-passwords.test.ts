import { expect, test } from "vitest";
import { openMemory } from "../storage/memory.ts";
import { Jid } from "../xmpp/jid.ts";
import { PasswordHasher } from "./credentials.ts";
import { silentLog } from "./log.ts";
import { SealedPasswords } from "./sealed-passwords.ts";
import { Secrets } from "./secrets.ts";

const user = Jid.parse("romeo@bix.org");
const hasher = new PasswordHasher(Secrets.ephemeral());

async function sealedAccount(credentials = hasher.seal(user, "imported")) {
  const { accounts } = openMemory();
  const row = { host: user.domain, local: user.local, createdAt: 0, createdVia: "import", createdFrom: null } as const;
  await accounts.create({ ...row, credentials });
  const passwords = new SealedPasswords(accounts, hasher, silentLog);
  const stored = async () => (await accounts.login(user.domain, user.local))!.credentials;
  return { accounts, passwords, stored, sealed: credentials.sealed };
}

test("the keys replace the sealed password", async () => {
  const { passwords, stored, sealed } = await sealedAccount();
  const keys = await passwords.keys(user, sealed, "urgent");
  expect(await stored()).toEqual(keys);
});

test("two logins at once derive once", async () => {
  const { passwords, sealed } = await sealedAccount();
  expect(passwords.keys(user, sealed, "urgent")).toBe(passwords.keys(user, sealed, "patient"));
});

test("a password set while the keys are derived stays", async () => {
  const { accounts, passwords, stored, sealed } = await sealedAccount();
  const newer = await hasher.credentials("newer");
  const work = passwords.keys(user, sealed, "urgent");
  passwords.forget(user);
  await accounts.setCredentials(user.domain, user.local, newer);
  await work;
  expect(await stored()).toEqual(newer);
});

test("a password set after the sealed one was read, but before the work began, stays", async () => {
  const { accounts, passwords, stored, sealed } = await sealedAccount();
  const newer = hasher.seal(user, "newer");
  passwords.forget(user);
  void accounts.setCredentials(user.domain, user.local, newer);
  await passwords.keys(user, sealed, "patient");
  expect(await stored()).toEqual(newer);
});

test("what does not open is named and passed over, and the run ends", async () => {
  const { accounts, passwords, stored } = await sealedAccount({ kind: "sealed", sealed: "00000000.AAAA" });
  const other = Jid.parse("juliet@bix.org");
  const row = {
    host: other.domain,
    local: other.local,
    createdAt: 0,
    createdVia: "import",
    createdFrom: null,
  } as const;
  await accounts.create({ ...row, credentials: hasher.seal(other, "imported") });
  passwords.start();
  await passwords.idle();
  expect((await stored()).kind).toBe("sealed");
  expect((await accounts.login(other.domain, other.local))?.credentials.kind).toBe("scram");
});

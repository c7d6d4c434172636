import { expect, test } from "vitest";
import { Jid } from "../xmpp/jid.ts";
import { Revocations } from "./revocations.ts";

const [juliet, romeo, nurse] = ["juliet", "romeo", "nurse"].map((local) => Jid.of(local, "verona.example")) as [
  Jid,
  Jid,
  Jid,
];

test("a login that began before is revoked, one that begins after is not", () => {
  const revocations = new Revocations();
  const before = revocations.mark();
  revocations.revoke(juliet);
  const after = revocations.mark();
  expect(revocations.isRevokedSince(juliet, before)).toBe(true);
  expect(revocations.isRevokedSince(juliet, after)).toBe(false);
  expect(revocations.isRevokedSince(romeo, before)).toBe(false);
  revocations.revoke(juliet);
  expect(revocations.isRevokedSince(juliet, after)).toBe(true);
});

test("logins older than what is remembered count as revoked, later ones do not", () => {
  const revocations = new Revocations(2);
  const before = revocations.mark();
  for (const account of [juliet, romeo]) revocations.revoke(account);
  const between = revocations.mark();
  revocations.revoke(nurse);
  expect(revocations.isRevokedSince(juliet, before)).toBe(true);
  expect(revocations.isRevokedSince(juliet, between)).toBe(false);
  expect(revocations.isRevokedSince(nurse, between)).toBe(true);
});

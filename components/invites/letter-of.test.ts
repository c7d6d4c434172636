import { expect, test } from "vitest";
import type { MadeInvite } from "@/lib/contracts/invites.ts";
import { letterOf } from "./letter-of.ts";

const invite: MadeInvite = {
  id: "a1",
  kind: "account",
  host: "a.example",
  local: null,
  inviter: null,
  registers: true,
  maxUses: 1,
  uses: 0,
  state: "open",
  createdAt: "2026-01-01T00:00:00.000Z",
  createdBy: "boss@a.example",
  expiresAt: "2026-01-08T12:00:00.000Z",
  openedAt: null,
  revokedAt: null,
  note: "",
  role: null,
  groups: [],
  tags: [],
  token: "t0ken",
  uri: "xmpp:a.example?register;preauth=t0ken",
  url: "https://a.example/invite/t0ken",
};

test.each<[string, Partial<MadeInvite>, "en" | "zh-CN", string, RegExp[]]>([
  [
    "an account",
    {},
    "en",
    "Your invite to a.example",
    [/a\.example\/invite\/t0ken/, /used once, until January 8, 2026/],
  ],
  ["an account for many", { maxUses: 20 }, "en", "Your invite to a.example", [/used 20 times/]],
  ["no page", { url: null }, "en", "Your invite to a.example", [/\n\nxmpp:a\.example\?register;preauth=t0ken\n/]],
  ["a contact", { kind: "contact", inviter: "romeo@a.example" }, "en", "Chat with romeo@a.example", [/^Hello/]],
  ["a reset", { kind: "reset", local: "juliet" }, "en", "A new password for juliet@a.example", [/did not ask for it/]],
  ["in Chinese", {}, "zh-CN", "a.example 的邀请", [/a\.example\/invite\/t0ken/, /2026年1月8日/]],
  [
    "a reset in Chinese",
    { kind: "reset", local: "juliet" },
    "zh-CN",
    "为 juliet@a.example 设置新密码",
    [/只能使用一次/],
  ],
])("a letter about %s", (_what, changes, locale, subject, parts) => {
  const letter = letterOf({ ...invite, ...changes }, locale);
  expect(letter.subject).toBe(subject);
  for (const part of parts) expect(letter.body).toMatch(part);
});

test("what somebody wrote is no pattern", () => {
  expect(letterOf({ ...invite, kind: "contact", inviter: "{host}@a.example" }, "en").body).toContain(
    "{host}@a.example",
  );
});

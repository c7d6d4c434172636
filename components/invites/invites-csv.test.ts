import { expect, test } from "vitest";
import type { MadeInvite } from "@/lib/contracts/invites.ts";
import { invitesCsv } from "./invites-csv.ts";

const invite: MadeInvite = {
  id: "a1",
  kind: "account",
  host: "a.example",
  local: null,
  inviter: null,
  registers: true,
  maxUses: 2,
  uses: 0,
  state: "open",
  createdAt: "2026-01-01T00:00:00.000Z",
  createdBy: "boss@a.example",
  expiresAt: "2026-01-08T12:00:00.000Z",
  openedAt: null,
  revokedAt: null,
  note: "a note, with a comma",
  role: null,
  groups: [],
  tags: [],
  token: "t0ken",
  uri: "xmpp:a.example?register;preauth=t0ken",
  url: "https://a.example/invite/t0ken",
};

test("a line for each, under the names of the columns", () => {
  const gifts = { role: { name: "host-admin", host: "a.example" }, groups: ["cast", "crew"], tags: ["vip"] };
  expect(invitesCsv([invite, { ...invite, ...gifts, id: "b2", url: null }]).split("\r\n")).toEqual([
    "id,host,link,uri,uses,expires,role,role host,groups,tags",
    "a1,a.example,https://a.example/invite/t0ken,xmpp:a.example?register;preauth=t0ken,2,2026-01-08T12:00:00.000Z,,,,",
    "b2,a.example,,xmpp:a.example?register;preauth=t0ken,2,2026-01-08T12:00:00.000Z,host-admin,a.example,cast crew,vip",
    "",
  ]);
});

import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RegistrationPolicy } from "../../../lib/contracts/registration-policy.ts";
import type { RegistrationVerdict } from "../../../lib/contracts/registration.ts";
import { adminTestServer, type AdminTestServer } from "../../admin/testing.ts";
import { invitationsOf } from "../../features/invitations.ts";
import { makeInvite } from "../../features/testing-invitations.ts";
import { Jid } from "../../xmpp/jid.ts";
import { register } from "./module.ts";
import { Visitor } from "./testing.ts";

const host = "a.example";
const dayMs = 86_400_000;
let server: AdminTestServer;

beforeEach(async () => {
  server = await adminTestServer({ modules: [register] });
});
afterEach(() => server.stop());

/** Mostly the first, so that what is asked late is reached often, too. */
const mostly = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });

const policies = fc.record({
  mode: fc.constantFrom("open", "open", "open", "approval", "approval", "access", "invite", "closed"),
  networks: fc.array(
    fc.record({
      action: fc.constantFrom("allow", "deny"),
      cidr: fc.constantFrom("192.0.2.0/25", "192.0.2.128/25", "2001:db8::/64"),
    }),
    { maxLength: 1 },
  ),
  accessRule: fc.constantFrom("register", "juliet-only"),
  approvalLimit: fc.constantFrom(1, 1, 200),
  defaultIpv4: mostly("allow", "deny"),
  defaultIpv6: mostly("allow", "deny"),
  requireTls: mostly(false, true),
  timeout: mostly<"infinity" | number>(600, "infinity"),
  passwordStrength: mostly(0, 100),
});
const attempts = fc.record({
  local: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom("romeo", "juliet", "nurse") },
    { weight: 1, arbitrary: fc.constantFrom("admin", "boss", "later", "p\u0430ris", "a b") },
  ),
  address: fc.constantFrom("192.0.2.1", "192.0.2.200", "198.51.100.7", "2001:db8::7"),
  password: mostly("correct horse battery", "correct horse", "short"),
  isSecure: fc.boolean(),
  isInvited: mostly(false, true),
});
/** What happens before: time goes by, and the name becomes free again. */
const befores = fc.record({ passMs: mostly(60_000, 600_000), isFreed: fc.boolean() });

const found = async ({ domain, local }: Jid) => ({
  account: await server.stores.accounts.find(domain, local),
  application: await server.stores.applications.find(domain, local),
});

async function free(name: Jid): Promise<void> {
  const { account, application } = await found(name);
  if (account !== null) await server.core.accounts.remove(name);
  if (application !== null)
    await server.stores.applications.deny(name.domain, name.local, { at: 0, by: "boss", reason: "" });
}

/** The id of an invite is in the line of the decision only: the tester asks with any. */
const lineOf = (line: string): string => line.replace(/^invite [0-9a-f]{12}$/, "invite");

test("the tester of the API says what a stream then gets, in each of 500 cases", { timeout: 60_000 }, async () => {
  await server.core.policy.change({ author: "x", comment: "", audit: null }, (draft) => {
    draft.acl["admin"]!.push({ user: `later@${host}` });
    draft.accessRules["juliet-only"] = [{ allow: [{ user: `juliet@${host}` }] }];
  });
  const as = await server.key(["policy:read"]);
  const { invite } = await makeInvite(server.core, { host, maxUses: 1_000, lifetimeMs: 30 * dayMs });
  const codes = new Set<string>();

  await fc.assert(
    fc.asyncProperty(policies, attempts, befores, async (policy, attempt, before) => {
      const { local, address, password, isSecure, isInvited } = attempt;
      await server.core.policy.change({ author: "x", comment: "", audit: null }, (draft) => {
        draft.registration = RegistrationPolicy.parse(policy);
      });
      server.clock.advance(before.passMs);
      const name = Jid.tryParse(`${local}@${host}`);
      if (before.isFreed && name !== undefined && name.local !== "boss") await free(name);

      const body = { host, address, local, password, secure: isSecure, invited: isInvited };
      const answer = await server.ask("POST", "/api/v1/registration/test", { as, body });
      expect(answer.status).toBe(200);
      const said = answer.body as unknown as RegistrationVerdict;
      const earlier = name === undefined ? null : await found(name);

      const visitor = new Visitor(server, host, address);
      visitor.isSecure = isSecure;
      if (isInvited) invitationsOf(server.core).show(visitor, invite);
      const told = await visitor.register(local, password);

      const [row] = (await server.stores.registrations.list({ outcome: "all" }, { limit: 1 })).items;
      expect(row).toMatchObject({ at: server.clock.now(), address, source: "in-band" });
      const { allowed, code, line, retryAfterSeconds } = row!;
      expect({ ...said, line: lineOf(said.line) }).toEqual({ allowed, code, line: lineOf(line), retryAfterSeconds });
      expect(told.includes("type='result'")).toBe(said.allowed);
      const later = name === undefined ? null : await found(name);
      if (!said.allowed) expect(later).toEqual(earlier);
      else if (said.code === "waiting") expect(later).toMatchObject({ account: null, application: { denied: null } });
      else expect(later!.account).toMatchObject({ createdAt: server.clock.now(), createdFrom: address });
      codes.add(code);
    }),
    { numRuns: 500 },
  );
  // Thirteen are possible; a draw may miss the rarest.
  expect(codes.size).toBeGreaterThanOrEqual(11);
});

import { afterEach, beforeEach, expect, test } from "vitest";
import { AppServerTarget, WebhookTarget, WebPushTarget } from "../../lib/contracts/forward-target.ts";
import { permissions } from "../../lib/contracts/permissions.ts";
import type { Policy } from "../../lib/contracts/policy.ts";
import { Overview } from "../../lib/contracts/server.ts";
import { adminTestServer, type AdminTestServer, boss, user } from "./testing.ts";

let server: AdminTestServer;
beforeEach(async () => {
  server = await adminTestServer({ policy: () => undefined });
});
afterEach(() => server.stop());

async function open(as?: Record<string, string>): Promise<string[]> {
  const { body } = await server.ask("GET", "/api/v1/overview", { as: as ?? (await server.key(permissions)) });
  return Overview.parse(body).openSteps;
}

const change = (edit: (draft: Policy) => void) =>
  server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, edit);

test("on a server that only has accounts and two admins", async () => {
  expect(await open()).toEqual(["target", "forwarded", "push", "certificate"]);
});

test.each<[string, (draft: Policy) => void, string[]]>([
  [
    "a webhook",
    (draft) => {
      draft.forward.targets = { hook: WebhookTarget.parse({ url: "https://hooks.example/" }) };
    },
    ["forwarded", "push", "certificate"],
  ],
  [
    "a push target",
    (draft) => {
      draft.forward.targets = { web: WebPushTarget.parse({ kind: "webpush", contact: "https://a.example/" }) };
    },
    ["forwarded", "certificate"],
  ],
  [
    "app servers, which may or may not be there",
    (draft) => {
      draft.forward.targets = { apps: AppServerTarget.parse({ kind: "xep0357" }) };
    },
    ["target", "forwarded", "push", "certificate"],
  ],
  [
    "one admin less",
    (draft) => {
      draft.hosts["a.example"]!.accessRules = {};
    },
    ["target", "forwarded", "push", "certificate", "admin"],
  ],
])("with %s", async (_name, edit, expected) => {
  await change(edit);
  expect(await open()).toEqual(expected);
});

test("the second factor is asked of accounts, each its own", async () => {
  const as = await server.signIn(boss);
  expect(await open(as)).toContain("factor");
  const factor = { id: "1", kind: "totp", name: "app", sealed: "", credential: null, counter: 0 } as const;
  await server.stores.factors.put({ ...factor, jid: user, createdAt: 0, lastUsedAt: null });
  expect(await open(as)).toContain("factor");
  await server.stores.factors.put({ ...factor, id: "2", jid: boss, createdAt: 0, lastUsedAt: null });
  expect(await open(as)).not.toContain("factor");
});

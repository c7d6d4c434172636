import { expect, test } from "vitest";
import { permissions } from "../../lib/contracts/permissions.ts";
import { messages } from "../../lib/i18n/messages/index.ts";
import { permissionAreas } from "./roles-draft.ts";

test("permissions are grouped by what they are about", () => {
  expect(permissionAreas(["users:read", "keys:write", "users:write"])).toEqual([
    { area: "users", verbs: ["read", "write"] },
    { area: "keys", verbs: ["write"] },
  ]);
});

test("every area and verb has a name", () => {
  const { areas, verbs } = messages.en.roles;
  for (const { area, verbs: own } of permissionAreas(permissions)) {
    expect(Object.keys(areas)).toContain(area);
    for (const verb of own) expect(Object.keys(verbs)).toContain(verb);
  }
});

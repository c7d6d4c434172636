import { expect, test } from "vitest";
import { stepOf } from "./invite-step.ts";

const at = "2026-01-01T00:00:00.000Z";

test.each([
  [{ state: "open", uses: 0, openedAt: null }, "unused"],
  [{ state: "open", uses: 0, openedAt: at }, "opened"],
  [{ state: "open", uses: 2, openedAt: at }, "some"],
  [{ state: "open", uses: 2, openedAt: null }, "some"],
  [{ state: "used", uses: 3, openedAt: at }, "used"],
  [{ state: "expired", uses: 0, openedAt: at }, "expired"],
  [{ state: "revoked", uses: 1, openedAt: at }, "revoked"],
] as const)("%j is %s", (invite, step) => {
  expect(stepOf(invite)).toBe(step);
});

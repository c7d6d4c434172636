import { expect, test } from "vitest";
import type { LiveEvent } from "../../lib/contracts/events.ts";
import type { ForwardFilter } from "../../lib/contracts/forward-filter.ts";
import type { LogFilter } from "../../lib/contracts/log.ts";
import { isWanted } from "./live-filter.ts";

const forwarded: LiveEvent = {
  topic: "forward",
  id: 1,
  data: {
    id: "evt_1",
    seq: 1,
    target: "hook",
    rule: "all",
    host: "a.example",
    user: "ann@a.example",
    from: "bob@a.example/x",
    type: "chat",
    class: "chat",
    device: "dev_1",
    state: "dead",
    attempts: 1,
    maxAttempts: 1,
    createdAt: "2026-01-02T00:00:00.000Z",
    updatedAt: "2026-01-02T00:00:00.000Z",
    nextAttemptAt: null,
    expiresAt: "2026-01-03T00:00:00.000Z",
    status: 500,
    ms: 1,
    error: "HTTP 500",
    bytes: 1,
    providerId: null,
    ackedAt: null,
  },
};

test.each<[keyof ForwardFilter, string, string]>([
  ["target", "hook", "other"],
  ["device", "dev_1", "dev_2"],
  ["class", "chat", "call"],
  ["reason", "HTTP 500", "HTTP 503"],
  ["user", "ann@a.example", "eve@a.example"],
  ["state", "dead", "delivered"],
])("a viewer of the forward log by %s, and by all others", (name, own, other) => {
  const shown = (value: string, not?: string): boolean =>
    isWanted(forwarded, { filter: { [name]: value, ...(not === undefined ? {} : { not }) } }, null);
  expect([shown(own), shown(other)]).toEqual([true, false]);
  expect([shown(own, name), shown(other, name)]).toEqual([false, true]);
});

test("terms that are turned round hold beside those that are not", () => {
  const shown = (filter: ForwardFilter): boolean => isWanted(forwarded, { filter }, null);
  expect(shown({ target: "other", state: "dead", not: "target" })).toBe(true);
  expect(shown({ target: "other", state: "delivered", not: "target" })).toBe(false);
  expect(shown({ target: "other", state: "delivered", not: "target,state" })).toBe(true);
  expect(shown({ target: "other", not: "target", host: "b.example" })).toBe(false);
  expect(isWanted(forwarded, { filter: { target: "other", not: "target" } }, ["b.example"])).toBe(false);
});

test.each<[LogFilter, boolean]>([
  [{ level: "warn" }, true],
  [{ level: "warn", not: "level" }, false],
  [{ level: "error", not: "level" }, true],
  [{ module: "muc", not: "module" }, false],
  [{ module: "archive", not: "module" }, true],
])("a viewer of the log who asks for %j", (log, expected) => {
  const record: LiveEvent = {
    topic: "log",
    id: 1,
    data: { id: 1, at: "2026-01-02T00:00:00.000Z", level: "warn", module: "muc", message: "late", fields: {} },
  };
  expect(isWanted(record, { log }, null)).toBe(expected);
});

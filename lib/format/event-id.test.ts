import { expect, test } from "vitest";
import { collapsedInto, shortEventId } from "./event-id.ts";

test.each([
  ["evt_0aLh3ZkX2JmN8vQ1tYb7Rw", "N8vQ1tYb7Rw".slice(-10)],
  ["evt_01a203b94e4471a38db54ae6176e7a82_4283a754892102cb", "e6176e7a82"],
  ["short", "short"],
])("%s", (id, short) => {
  expect(shortEventId(id)).toBe(short);
});

test.each([
  ["collapsed into evt_1", "evt_1"],
  ["connect ECONNREFUSED", null],
  [null, null],
])("%s tells the event in its place: %s", (error, into) => {
  expect(collapsedInto(error)).toBe(into);
});

import { expect, test } from "vitest";
import { shortEventId } from "./event-id.ts";

test.each([
  ["evt_0aLh3ZkX2JmN8vQ1tYb7Rw", "N8vQ1tYb7Rw".slice(-10)],
  ["evt_01a203b94e4471a38db54ae6176e7a82_4283a754892102cb", "e6176e7a82"],
  ["short", "short"],
])("%s", (id, short) => {
  expect(shortEventId(id)).toBe(short);
});

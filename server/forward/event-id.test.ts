import { expect, test } from "vitest";
import { newEventId, timeOfEventId } from "./event-id.ts";

test("an id tells when it was made, a device's as well", () => {
  const before = Date.now();
  const id = newEventId();
  const time = timeOfEventId(id);
  expect(time).toBeGreaterThanOrEqual(before);
  expect(time).toBeLessThanOrEqual(Date.now());
  expect(timeOfEventId(`${id}_dev_1`)).toBe(time);
});

test.each(["", "evt_1", "evt_0193d5f0c0de4abc8123456789abcdef", "msg_0193d5f0c0de7abc8123456789abcdef"])(
  "%j is no id of an event",
  (id) => {
    expect(timeOfEventId(id)).toBeNull();
  },
);

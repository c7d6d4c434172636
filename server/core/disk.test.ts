import { expect, test } from "vitest";
import { Disk } from "./disk.ts";

const mib = 1024 * 1024;

test("nothing is known of a disk at first, so it has room", () => {
  const disk = new Disk();
  expect([disk.isLow, disk.isFull]).toEqual([false, false]);
});

test("it is low, then full, and has room again only when there is some to spare", () => {
  const disk = new Disk();
  const seen = [2000, 1000, 65, 63, 65, 127, 129, 65].map((free) => [disk.seen(free * mib), disk.isLow, disk.isFull]);
  expect(seen).toEqual([
    [false, false, false],
    [false, true, false],
    [false, true, false],
    [true, true, true],
    [false, true, true],
    [false, true, true],
    [true, true, false],
    [false, true, false],
  ]);
});

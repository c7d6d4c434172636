import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Disk } from "../../core/disk.ts";
import { filePlaceConformance } from "./conformance-file-place.ts";
import { DiskPlace } from "./disk-place.ts";

const mebibyte = 1024 * 1024;
let directory: string;
let disk: Disk;
let place: DiskPlace;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "nightpost-files-"));
  disk = new Disk();
  place = await DiskPlace.in(join(directory, "uploads"), disk);
});
afterEach(() => rmSync(directory, { recursive: true }));

describe("a directory", () => filePlaceConformance(() => place));

test("holds the file and nothing else, whatever became of others", async () => {
  await place.put("a", 3, Readable.from([Buffer.from("xyz")]));
  await place.put("b", 3, Readable.from([Buffer.from("xy")]));
  expect(readdirSync(join(directory, "uploads"))).toEqual(["a"]);
});

test("leaves room for everything else", () => {
  expect(place.hasRoomFor(1000 * mebibyte)).toBe(true);
  disk.seen(300 * mebibyte);
  expect([place.hasRoomFor(44 * mebibyte), place.hasRoomFor(45 * mebibyte)]).toEqual([true, false]);
});

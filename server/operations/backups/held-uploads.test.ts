import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { HeldUploads } from "./held-uploads.ts";

const inMemory = "/dev/shm";

function newDirectory(parent: string): string {
  const directory = mkdtempSync(join(parent, "nightpost-held-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const file = (id: string, bytes: number) => ({ id, bytes });

test.each([
  ["the same disk", tmpdir()],
  ["another disk", existsSync(inMemory) ? inMemory : tmpdir()],
])("files of %s stay until the backup is made", async (_name, parent) => {
  const uploads = newDirectory(parent);
  const held = new HeldUploads(uploads, newDirectory(tmpdir()));
  writeFileSync(join(uploads, "0a"), "a picture");
  await held.holdAll();
  rmSync(join(uploads, "0a"));
  writeFileSync(join(uploads, "0b"), "came since");
  const files = await held.of([file("0a", 9), file("0b", 10), file("0c", 5)]);
  expect(files.map(({ id, path }) => [id, readFileSync(path, "utf8")])).toEqual([
    ["0a", "a picture"],
    ["0b", "came since"],
  ]);
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** Makes new, empty directories for the tests of a file and removes them all after the last one. */
export function temporaryDirectories(): () => string {
  const root = mkdtempSync(join(tmpdir(), "nightpost-store-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return () => mkdtempSync(join(root, "data-"));
}

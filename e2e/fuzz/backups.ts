/** Files that somebody put among the backups: each is taken apart, or refused. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extract, readManifest } from "../../server/operations/backups/archive.ts";
import { BackupError } from "../../server/operations/backups/manifest.ts";
import { refusingLater, type Target } from "./target.ts";

/** What the corpus was sealed with. */
const key = Buffer.alloc(32, 7);

export function backup(): Target {
  const directory = mkdtempSync(join(tmpdir(), "nightpost-fuzz-"));
  const path = join(directory, "one.npbackup");
  return {
    name: "backup",
    words: [
      "ustar",
      "manifest.json",
      "store.db.gz",
      "\u0000",
      "00000000100",
      "\u0080\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
      '"bytes":',
      "-1",
      "9e99",
      '"format": 1',
      '"files": [',
      '"encryption": null',
      "../../etc/passwd",
    ],
    async run(input) {
      writeFileSync(path, input);
      await refusingLater([BackupError], async () => {
        const manifest = await readManifest(path);
        for (const { name } of manifest.files.slice(0, 10))
          await extract(path, manifest, name, join(directory, "out"), manifest.encryption === null ? null : key);
      });
    },
    stop: async () => rmSync(directory, { recursive: true }),
  };
}

/**
 * The program behind `nightpost backup restore ID --stopped`: stages a backup for the next start of a server that does not run,
 * because its store is damaged. Nothing of that store is read, and nothing of it is lost.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import packageJson from "../../package.json" with { type: "json" };
import { systemClock } from "../core/clock.ts";
import { Secrets, SecretsError } from "../core/secrets.ts";
import { Backups } from "../operations/backups/backups.ts";
import { BackupError, keyName } from "../operations/backups/manifest.ts";
import { StoreError } from "../storage/errors.ts";
import { vaultOf } from "../storage/sqlite/vault.ts";

/** `DATA ID [--passphrase]`: that is read from standard input. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { passphrase: { type: "boolean", default: false } },
  });
  const [data = "", id = ""] = positionals;
  const backups = new Backups({
    data,
    configFile: null,
    vault: vaultOf(data),
    secrets: await Secrets.open(join(data, keyName)),
    clock: systemClock,
    version: packageJson.version,
  });
  await backups.stage(id, values.passphrase ? readFileSync(0, "utf8") : null);
}

const expected = [BackupError, SecretsError, StoreError];

try {
  await main();
} catch (error) {
  const isExpected = expected.some((kind) => error instanceof kind);
  process.stderr.write(
    `${isExpected ? (error as Error).message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
}

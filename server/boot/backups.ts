import { createReadStream, statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { backupPath } from "../admin/backups.ts";
import type { Core } from "../core/core.ts";
import type { Secrets } from "../core/secrets.ts";
import type { HttpRoute } from "../net/http/front.ts";
import { refuse } from "../net/http/refuse.ts";
import { Backups, tidyBackups } from "../operations/backups/backups.ts";
import { keyName } from "../operations/backups/manifest.ts";
import { BackupSchedule } from "../operations/backups/schedule.ts";
import { vaultOf } from "../storage/sqlite/vault.ts";

export interface OpenBackups {
  readonly backups: Backups;
  readonly schedule: BackupSchedule;
  /** When the data directory was made, as its key file tells. */
  readonly bornAt: number;
}

export async function openBackups(
  core: Core,
  secrets: Secrets,
  data: string,
  configFile: string | undefined,
): Promise<OpenBackups> {
  const { clock, policy, stores, log, version } = core;
  await tidyBackups(data);
  const file = configFile === undefined ? null : resolve(configFile);
  const backups = new Backups({ data, configFile: file, vault: vaultOf(data), secrets, clock, version });
  const schedule = new BackupSchedule({ backups, policy, stores, secrets, clock, log });
  return { backups, schedule, bornAt: statSync(join(data, keyName)).birthtimeMs };
}

/** Where a backup is fetched, once, with the ticket that the admin API gave for it. */
export function backupRoute({ backups }: OpenBackups): HttpRoute {
  return {
    prefix: backupPath,
    isPatient: true,
    handle: async (_request, response, path) => {
      const file = backups.redeem(path.slice(backupPath.length + 1));
      if (file === null) {
        refuse(response, 404, "This link is used up, or was for another server.");
        return;
      }
      response.writeHead(200, {
        "content-type": "application/octet-stream",
        "content-length": (await stat(file)).size,
        "content-disposition": `attachment; filename="${basename(file)}"`,
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      });
      await pipeline(createReadStream(file), response);
    },
  };
}

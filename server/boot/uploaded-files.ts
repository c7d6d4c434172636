import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config/schema.ts";
import type { Core } from "../core/core.ts";
import { DiskPlace } from "../features/uploads/disk-place.ts";
import { filesPath, uploadedFilesOf } from "../features/uploads/uploaded-files.ts";
import type { HttpRoute } from "../net/http/front.ts";
import { FileTransfers } from "../web/files.ts";

/** Where files that users upload are taken and given. */
export function fileRoute(core: Core): HttpRoute {
  const transfers = new FileTransfers(core);
  return {
    prefix: filesPath,
    isPatient: true,
    handle: (request, response, path) => transfers.handle(request, response, path),
  };
}

/** Rejects when the directory cannot be used. */
export async function serveFiles(
  core: Core,
  { storage, data }: Config,
  originOf: (host: string) => string,
): Promise<void> {
  const directory = join(data, "uploads");
  // Those of a store that ended with its process.
  if (storage === "memory") await rm(directory, { recursive: true, force: true });
  uploadedFilesOf(core).serve({ disk: await DiskPlace.in(directory, core.disk), originOf });
}

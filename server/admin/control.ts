import { chmod, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import type { AdminApi } from "./index.ts";

export const controlSocketName = "nightpost.sock";

/**
 * The admin API on a Unix socket in the data directory. Whoever may open the file may do everything; its mode is 0600.
 * Throws when the path cannot be bound. The caller holds the data directory's lock, so a file that is there is a leftover.
 */
export async function listenForControl(api: AdminApi, dataDirectory: string): Promise<Server> {
  const path = join(dataDirectory, controlSocketName);
  await rm(path, { force: true });
  const server = createServer((request, response) => {
    if (api.handle(request, response, "control") === false) response.writeHead(404).end();
  });
  server.on("upgrade", (request, socket, head) => {
    if (!api.upgrade(request, socket, head, "control")) socket.destroy();
  });
  const umask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, resolve);
    });
  } finally {
    process.umask(umask);
  }
  await chmod(path, 0o600);
  return server;
}

import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const paths = new Set(["/api/v1/auth/verify", "/api/v1/status"]);

/** What the console's process may ask on its own: a login check and the status, on loopback, with its token. */
export async function openConsoleApi(
  token: string,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ readonly url: string; close(): void }> {
  const expected = Buffer.from(token);
  const server: Server = createServer({ maxHeaderSize: 16_384 }, (request, response) => {
    const given = Buffer.from(String(request.headers["x-nightpost-console"] ?? ""));
    const isConsole = given.length === expected.length && timingSafeEqual(given, expected);
    if (isConsole && paths.has(request.url ?? "")) handle(request, response);
    else response.writeHead(403).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

import type { ServerResponse } from "node:http";

/** Ends a response with a short plain text. */
export function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(`${reason}\n`);
}

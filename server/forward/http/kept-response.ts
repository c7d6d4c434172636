import type { IncomingHttpHeaders } from "node:http";

/** What is kept of a response's body; the rest is not read. */
export const maxBodyBytes = 4_096;
const maxHeaders = 64;
const maxHeaderLength = 1_024;

/** What is kept of a response's headers; those that HTTP/2 writes with a colon are none. */
export function headerList(headers: IncomingHttpHeaders): (readonly [string, string])[] {
  const list: (readonly [string, string])[] = [];
  for (const name in headers) {
    if (list.length >= maxHeaders) break;
    if (name.startsWith(":")) continue;
    const value = headers[name];
    if (typeof value === "string") list.push([name, value.slice(0, maxHeaderLength)]);
    else for (const one of value ?? []) list.push([name, one.slice(0, maxHeaderLength)]);
  }
  return list;
}

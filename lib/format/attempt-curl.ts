import { shellWord } from "./shell.ts";

interface Request {
  method: string;
  url: string;
  headers: [string, string][];
}

/** Headers that curl writes itself. */
const own = new Set(["host", "content-length", "connection", "transfer-encoding", "accept-encoding"]);

/** The request of an attempt as a curl command. What the server masks becomes `$SECRET`, a body that is hidden `$BODY`. */
export function curlOfAttempt({ method, url, headers }: Request, payload: string | null, contentType: string): string {
  const lines = [`curl -i -X ${method} ${shellWord(url)}`];
  const sent = headers.filter(([name]) => !own.has(name.toLowerCase()));
  if (!sent.some(([name]) => name.toLowerCase() === "content-type")) sent.push(["content-type", contentType]);
  for (const [name, value] of sent) {
    lines.push(`-H ${value.includes("***") ? `"${name}: $SECRET"` : shellWord(`${name}: ${value}`)}`);
  }
  lines.push(`--data-raw ${payload === null ? '"$BODY"' : shellWord(payload)}`);
  return lines.join(" \\\n  ");
}

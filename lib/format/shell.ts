/** A word for a POSIX shell; quoted only when it has to be. */
export const shellWord = (text: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** A command line of one program and its words. Later words that begin with `$` stay variables. */
export const commandLine = (...words: string[]): string =>
  words.map((word) => (/^\$[A-Z_]+$/.test(word) ? `"${word}"` : shellWord(word))).join(" ");

interface Request {
  method: string;
  /** Below `/api/v1`. */
  path: string;
  body?: unknown;
}

/** The curl command of one call of the admin API. The key comes from the environment. */
export function curlOf(origin: string, { method, path, body }: Request): string {
  const lines = [
    `curl -X ${method} ${shellWord(`${origin}/api/v1${path}`)}`,
    `-H "Authorization: Bearer $NIGHTPOST_KEY"`,
  ];
  if (body !== undefined) lines.push(`-H 'Content-Type: application/json'`, `-d ${shellWord(JSON.stringify(body))}`);
  return lines.join(" \\\n  ");
}

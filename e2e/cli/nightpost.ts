import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const bin = fileURLToPath(new URL("../../bin/nightpost", import.meta.url));
const main = fileURLToPath(new URL("../../server/main.ts", import.meta.url));

/** What the commands of one test share: the data directory, loopback and free ports. */
export const environment = (data: string): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  HOME: process.env["HOME"] ?? "",
  NIGHTPOST_DATA: data,
  NIGHTPOST_BIND: "127.0.0.1",
  NIGHTPOST_C2S_PORT: "0",
  NIGHTPOST_C2S_TLS_PORT: "0",
  NIGHTPOST_HTTP_PORT: "0",
  NIGHTPOST_HOSTS: "localhost",
  NIGHTPOST_CONSOLE: "off",
});

/** Runs `bin/nightpost` to its end. */
export function nightpost(env: Record<string, string>, args: readonly string[], input = ""): Promise<Outcome> {
  const child = spawn(bin, args, { env });
  child.stdin.end(input);
  return outcomeOf(child);
}

/** Runs the server itself in the foreground, for as long as it runs. */
export function serve(env: Record<string, string>): { child: ChildProcess; outcome: Promise<Outcome> } {
  const child = spawn(process.execPath, [main], { env });
  return { child, outcome: outcomeOf(child) };
}

async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

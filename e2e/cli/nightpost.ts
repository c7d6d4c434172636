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

export interface Running {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
}

/** Runs `bin/nightpost` to its end. */
export function nightpost(env: Record<string, string>, args: readonly string[], input = ""): Promise<Outcome> {
  const { child, outcome } = begin(env, args);
  child.stdin?.end(input);
  return outcome;
}

/** Runs `bin/nightpost` beside the test. */
export const begin = (env: Record<string, string>, args: readonly string[]): Running => run(bin, args, env);

/** Runs the server itself, in the foreground. */
export const serve = (env: Record<string, string>): Running => run(process.execPath, [main], env);

function run(file: string, args: readonly string[], env: Record<string, string>): Running {
  const child = spawn(file, args, { env: { NODE_ENV: "production", ...env } });
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

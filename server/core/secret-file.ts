import { readFile } from "node:fs/promises";

/** Shorter than that, a secret shared with another program is no secret. */
export const minSecretLength = 16;

/** The secret in a file that the option `option` names, without white space around it. Throws Error, without a word of it. */
export async function readSecretFile(file: string, option: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${option} cannot be read: ${error.code ?? "unknown"}`);
  });
  const secret = text.trim();
  if (secret.length < minSecretLength) throw new Error(`${option} has less than ${minSecretLength} characters`);
  return secret;
}

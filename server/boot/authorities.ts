import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { BootError } from "./boot-error.ts";

/** The authorities that vouch for peers, PEM; `key` is the setting that names the file, null: it names none. Throws BootError. */
export function readAuthorities(file: string | null, key: string): string | null {
  if (file === null) return null;
  try {
    const pem = readFileSync(file, "utf8");
    // The first one at least is a certificate; OpenSSL leaves out without a word what is not.
    void new X509Certificate(pem);
    return pem;
  } catch (error) {
    throw new BootError(`${key}: ${file} cannot be used: ${(error as Error).message}`);
  }
}

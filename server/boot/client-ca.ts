import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { BootError } from "./boot-error.ts";

/** The authorities that vouch for clients, PEM. Throws BootError. */
export function readClientCa(file: string): string {
  try {
    const pem = readFileSync(file, "utf8");
    // The first one at least is a certificate; OpenSSL leaves out without a word what is not.
    void new X509Certificate(pem);
    return pem;
  } catch (error) {
    throw new BootError(`c2s.clientCa: ${file} cannot be used: ${(error as Error).message}`);
  }
}

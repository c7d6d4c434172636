import type { DoctorCode } from "../../../lib/contracts/doctor-words.ts";
import type { Finding } from "../../../lib/contracts/doctor.ts";
import type { Admin } from "../parts.ts";

/** Asks the DNS; the system's, or a stub. Rejects with codes such as ENOTFOUND and ENODATA where there is no record. */
export interface DnsResolver {
  resolve4(name: string): Promise<string[]>;
  resolve6(name: string): Promise<string[]>;
  resolveSrv(name: string): Promise<{ readonly name: string; readonly port: number }[]>;
  resolveCaa(name: string): Promise<{ readonly issue?: string | undefined }[]>;
  /** Names of an address (PTR). */
  reverse(address: string): Promise<string[]>;
}

/** What the doctor looks at beside the running server. */
export interface Patient {
  readonly dns: DnsResolver;
  /** Addresses of this machine, without loopback and link-local ones. */
  readonly addresses: () => readonly string[];
  readonly dataDirectory: string;
  /** null: with a store in memory there is none. */
  readonly keyFile: string | null;
  /** Settings of the configuration that give something away. */
  readonly warnings: readonly string[];
}

export type Examined = Pick<Admin, "core" | "listeners" | "certificates" | "backups" | "patient">;
export type Check = (admin: Examined) => Promise<Finding[]>;

/** A finding; without a state it is what is to be expected. */
export function finding(
  group: Finding["group"],
  subject: string,
  code: DoctorCode,
  values: Record<string, string> = {},
  state: Finding["state"] = "ok",
  evidence = "",
): Finding {
  return { group, subject, state, code, values, evidence };
}

const absent = new Set(["ENOTFOUND", "ENODATA", "NXDOMAIN"]);

/** The DNS has answered, and there is no such record. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && absent.has(String(error.code));
}

/** A rejection as one short sentence, with its code where it has one. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? error.code : null;
  return code === null || error.message.includes(code) ? error.message : `${error.message} (${code})`;
}

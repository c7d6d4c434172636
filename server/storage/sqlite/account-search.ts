import { decodeCursor, encodeCursor } from "./page.ts";

export interface AccountName {
  readonly local: string;
  readonly host: string;
}
export interface AccountSearch {
  readonly local: string;
  /** Beginning of the host, from what follows an `@`. */
  readonly host: string;
}
/** Names that begin with the search text come first, then those that contain it elsewhere. */
export type AccountPhase = "begins" | "contains";
export interface AccountPosition extends AccountName {
  readonly phase: AccountPhase;
}

/** Greater than every text that begins with `prefix`. */
export function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}

export function accountSearch(text: string | undefined): AccountSearch | null {
  const search = (text ?? "").trim().toLowerCase().normalize("NFC");
  if (search === "") return null;
  const at = search.indexOf("@");
  return at === -1 ? { local: search, host: "" } : { local: search.slice(0, at), host: search.slice(at + 1) };
}

/** The order of accounts: (local, host) by code point, as SQLite's BINARY collation has it. */
export function compareNames(a: AccountName, b: AccountName): number {
  return compareText(a.local, b.local) || compareText(a.host, b.host);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  // UTF-16 order differs from SQLite's UTF-8 order above the basic plane.
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

export function accountPosition(cursor: string | undefined): AccountPosition {
  const key = decodeCursor<[string, string, string]>(cursor, ["string", "string", "string"]);
  if (key === undefined) return { phase: "begins", local: "", host: "" };
  const [phase, local, host] = key;
  return { phase: phase === "contains" ? "contains" : "begins", local, host };
}

export function accountCursor({ phase, local, host }: AccountPosition): string {
  return encodeCursor([phase, local, host]);
}

import type { CsvRecord } from "./csv.ts";

/** What a column of a table can be about. */
export const csvColumns = ["address", "user", "host", "password", "name", "email"] as const;
export type CsvColumn = (typeof csvColumns)[number];

/** How a table is read. */
export interface CsvMapping {
  readonly separator: string;
  /** Its first line names the columns. */
  readonly hasHeader: boolean;
  /** Of each column, from the first on; null: it is left out. */
  readonly columns: readonly (CsvColumn | null)[];
  /** Of users that are named without one. */
  readonly host: string;
}

/** `user,host,password` without a line that names them. */
export const plainMapping: CsvMapping = {
  separator: ",",
  hasHeader: false,
  columns: ["user", "host", "password"],
  host: "",
};

const names: Readonly<Record<CsvColumn, readonly string[]>> = {
  address: ["address", "jid", "account", "xmpp"],
  user: ["user", "username", "user name", "local", "localpart", "login", "node"],
  host: ["host", "domain", "server", "vhost"],
  password: ["password", "pass", "passwd"],
  name: ["name", "full name", "fullname", "display name", "displayname", "fn", "nickname"],
  email: ["email", "e-mail", "mail"],
};

/** The separator that a first line has most of. */
export function separatorOf(line: string): string {
  const count = (separator: string): number => line.split(separator).length;
  return [",", ";", "\t"].reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** How a table is likely to be meant, by its first record. */
export function guessMapping(first: readonly string[], separator: string): CsvMapping {
  const fields = first.map((field) => field.trim().toLowerCase());
  const named = fields.map((field) => csvColumns.find((column) => names[column].includes(field)) ?? null);
  const hasHeader = named.some((column) => column === "user" || column === "address" || column === "password");
  if (hasHeader) return { separator, hasHeader, columns: withoutRepeats(named), host: "" };
  const columns = fields[0]?.includes("@") ? (["address", "password"] as const) : plainMapping.columns;
  return { separator, hasHeader, columns: fields.map((_, index) => columns[index] ?? null), host: "" };
}

const withoutRepeats = (columns: readonly (CsvColumn | null)[]): (CsvColumn | null)[] =>
  columns.map((column, index) => (columns.indexOf(column) === index ? column : null));

/** One line of a table as it was mapped. */
export interface CsvAccount {
  readonly user: string;
  readonly host: string;
  /** null: no column has it. */
  readonly password: string | null;
  readonly name: string;
  readonly email: string;
}

/** Reads a record; a string: why it makes no account. */
export function csvAccount({ fields }: CsvRecord, { columns, host: fallback }: CsvMapping): CsvAccount | string {
  if (fields.length !== columns.length)
    return `expected ${columns.length} fields${columns.every((one) => one !== null) ? `: ${columns.join(",")}` : ""}`;
  const field = (column: CsvColumn): string => fields[columns.indexOf(column)] ?? "";
  const address = field("address").trim();
  const at = address.lastIndexOf("@");
  const user = at === -1 ? address || field("user").trim() : address.slice(0, at);
  const host = (at === -1 ? "" : address.slice(at + 1)) || field("host").trim() || fallback;
  if (user === "") return "there is no user name";
  if (host === "") return "there is no host";
  const password = columns.includes("password") ? field("password") : null;
  if (password === "") return "there is no password";
  return { user, host, password, name: field("name").trim(), email: field("email").trim() };
}

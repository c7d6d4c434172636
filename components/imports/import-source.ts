import { csvDocument } from "@/lib/contracts/imports/csv-document.ts";
import { csvRecords } from "@/lib/contracts/imports/csv.ts";
import { prosodyAccounts, prosodyDocument } from "@/lib/contracts/imports/prosody-document.ts";

export const sourceKinds = ["xep0227", "prosody", "csv"] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** A part of the files that could not be used. */
export interface SourceFault {
  place: string;
  reason: string;
}

/** Files that were chosen, as one XEP-0227 document that can be read again and again. */
export interface ImportSource {
  name: string;
  /** Hosts whose accounts are in it. */
  hosts: string[];
  /** null: nobody has counted them. */
  accounts: number | null;
  read: (failed: (fault: SourceFault) => void) => AsyncIterable<string>;
}

const HOST = /<(?:\w+:)?host\b[^>]*?\bjid\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
/** A tag is never longer than this. */
const overlap = 4096;

/** Opens what was chosen; null: there is no account in it. */
export async function openSource(kind: SourceKind, files: readonly File[]): Promise<ImportSource | null> {
  if (files.length === 0) return null;
  switch (kind) {
    case "prosody":
      return openProsody(files);
    case "csv":
      return openCsv(files[0]!);
    default:
      return openDocument(files[0]!);
  }
}

/** `isStrict`: what is not UTF-8 ends it with a TypeError. */
function textOf(file: File, isStrict = true): AsyncIterable<string> {
  const reader = file
    .stream()
    .pipeThrough(new TextDecoderStream("utf-8", { fatal: isStrict }))
    .getReader();
  return {
    async *[Symbol.asyncIterator]() {
      for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
    },
  };
}

async function openDocument(file: File): Promise<ImportSource | null> {
  const hosts = new Set<string>();
  let rest = "";
  for await (const text of textOf(file)) {
    rest += text;
    for (const [, double, single] of rest.matchAll(HOST)) hosts.add(double ?? single ?? "");
    rest = rest.slice(-overlap);
  }
  if (hosts.size === 0) return null;
  return { name: file.name, hosts: [...hosts], accounts: null, read: () => textOf(file) };
}

async function openCsv(file: File): Promise<ImportSource | null> {
  const hosts = new Set<string>();
  let accounts = 0;
  for await (const { line, fields } of csvRecords(textOf(file))) {
    const host = fields[1]?.trim() ?? "";
    if (fields.length !== 3 || host === "" || (line === 1 && host === "host")) continue;
    hosts.add(host);
    accounts += 1;
  }
  if (accounts === 0) return null;
  return {
    name: file.name,
    hosts: [...hosts],
    accounts,
    read: (failed) =>
      csvDocument(textOf(file), ({ line, reason }) => failed({ place: `${file.name}:${line}`, reason })),
  };
}

function openProsody(files: readonly File[]): ImportSource | null {
  const byPath = new Map(files.map((file) => [file.webkitRelativePath || file.name, file]));
  const accounts = prosodyAccounts([...byPath.keys()]);
  if (accounts.length === 0) return null;
  const [first = ""] = [...byPath.keys()][0]?.split("/") ?? [];
  return {
    name: first,
    hosts: [...new Set(accounts.map(({ host }) => host))],
    accounts: accounts.length,
    read: (failed) =>
      prosodyDocument(
        accounts,
        (path) => textOf(byPath.get(path)!, false),
        ({ path, reason }) => failed({ place: path, reason }),
      ),
  };
}

import { csvAccountRecords, csvDocument } from "@/lib/contracts/imports/csv-document.ts";
import { csvAccount, type CsvMapping, guessMapping, separatorOf } from "@/lib/contracts/imports/csv-mapping.ts";
import { csvRecords } from "@/lib/contracts/imports/csv.ts";
import { ejabberdDocument } from "@/lib/contracts/imports/ejabberd-document.ts";
import { type DumpFile, EjabberdDump } from "@/lib/contracts/imports/ejabberd-dump.ts";
import { openfireDocument, openfireFacts } from "@/lib/contracts/imports/openfire-document.ts";
import { prosodyAccounts, prosodyDocument, prosodyRooms } from "@/lib/contracts/imports/prosody-document.ts";
import type { SourceKind } from "./source-kinds.ts";

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
  /** Of a table: how it is read, its first records, and the same table read otherwise. */
  table?: SourceTable;
}

export interface SourceTable {
  mapping: CsvMapping;
  first: (readonly string[])[];
  readAs: (mapping: CsvMapping) => Promise<ImportSource>;
}

const HOST = /<(?:\w+:)?host\b[^>]*?\bjid\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
/** A tag is never longer than this. */
const overlap = 4096;

/** Opens what was chosen; null: there is no account in it. */
export async function openSource(kind: SourceKind, files: readonly File[]): Promise<ImportSource | null> {
  if (files.length === 0) return null;
  switch (kind) {
    case "ejabberd":
      return openEjabberd(files);
    case "prosody":
      return openProsody(files);
    case "openfire":
      return openOpenfire(files[0]!);
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

const sampleRecords = 4;
/** The first line of a table is no longer than this, as far as its separator is concerned. */
const firstLineBytes = 65_536;

/** Throws CsvError. null: it is empty. */
async function openCsv(file: File): Promise<ImportSource | null> {
  const [firstLine = ""] = (await file.slice(0, firstLineBytes).text()).split(/\r?\n/, 1);
  const separator = separatorOf(firstLine);
  const first: (readonly string[])[] = [];
  for await (const { fields } of csvRecords(textOf(file), separator)) {
    first.push(fields);
    if (first.length === sampleRecords) break;
  }
  const [fields] = first;
  return fields === undefined ? null : readTable(file, first, guessMapping(fields, separator));
}

async function readTable(file: File, first: (readonly string[])[], mapping: CsvMapping): Promise<ImportSource> {
  const hosts = new Set<string>();
  let accounts = 0;
  for await (const record of csvAccountRecords(textOf(file), mapping)) {
    const account = csvAccount(record, mapping);
    if (typeof account === "string") continue;
    hosts.add(account.host);
    accounts += 1;
  }
  return {
    name: file.name,
    hosts: [...hosts],
    accounts,
    read: (failed) =>
      csvDocument(textOf(file), mapping, ({ line, reason }) => failed({ place: `${file.name}:${line}`, reason })),
    table: { mapping, first, readAs: (other) => readTable(file, first, other) },
  };
}

/** Throws ErlangDataError. */
async function openEjabberd(files: readonly File[]): Promise<ImportSource | null> {
  const dump = await EjabberdDump.of(files.map(dumpFile));
  const { accounts, rooms } = dump;
  if (accounts.length === 0 && rooms.length === 0) return null;
  return {
    name: files.map(({ name }) => name).join(", "),
    hosts: [...new Set(accounts.map(({ host }) => host))],
    accounts: accounts.length,
    read: (failed) => ejabberdDocument(dump, failed, Date.now()),
  };
}

function dumpFile(file: File): DumpFile {
  return {
    name: file.name,
    async *pieces() {
      const reader = file.stream().getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
    },
    slice: async (start, end) => new Uint8Array(await file.slice(start, end).arrayBuffer()),
  };
}

/** The file does not say of which domain its accounts are; where no contact does either they are at nobody's. Throws XmlDataError. */
async function openOpenfire(file: File): Promise<ImportSource | null> {
  const { accounts, domain } = await openfireFacts(textOf(file));
  if (accounts === 0) return null;
  const host = domain === "" ? "openfire.invalid" : domain;
  return { name: file.name, hosts: [host], accounts, read: () => openfireDocument(textOf(file), host) };
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
        prosodyRooms([...byPath.keys()]),
      ),
  };
}

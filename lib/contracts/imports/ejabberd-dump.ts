import { type ErlangTerm, erlangAtom, erlangList, erlangText, erlangTuple, ErlangDataError } from "./erlang-data.ts";
import { readErlangHead, readErlangTerm } from "./erlang-data.ts";

/** A file that can be read from its beginning, and from any place. */
export interface DumpFile {
  readonly name: string;
  pieces: () => AsyncIterable<Uint8Array>;
  slice: (start: number, end: number) => Promise<Uint8Array>;
}

/** Where a record is. */
export interface DumpPlace {
  readonly file: DumpFile;
  readonly start: number;
  readonly end: number;
}

/** A record by the names of its fields. */
export type DumpRecord = ReadonlyMap<string, ErlangTerm>;

/** Records of one account by table. */
export interface DumpAccount {
  readonly host: string;
  readonly local: string;
  readonly places: Map<string, DumpPlace[]>;
}

/** What could not be used of a dump. */
export interface DumpFault {
  readonly place: string;
  readonly reason: string;
}

/** What has an owner `{User, Host, …}` in front of its key. */
const owned: ReadonlySet<string> = new Set([
  "passwd",
  "roster",
  "vcard",
  "private_storage",
  "privacy",
  "last_activity",
  "offline_msg",
  "archive_msg",
  "pubsub_node",
]);
/** What is made anew, means nothing elsewhere, or follows from the rest. */
const derived: ReadonlySet<string> = new Set([
  "tables",
  "vcard_search",
  "roster_version",
  "pubsub_state",
  "pubsub_index",
  "pubsub_orphan",
  "pubsub_last_item",
  "caps_features",
  "oauth_client",
  "oauth_token",
  "bosh",
  "captcha",
  "http_bind",
  "iq_response",
  "mod_register_ip",
  "muc_online_room",
  "muc_online_users",
  "route",
  "route_multicast",
  "s2s",
  "session",
  "session_counter",
  "sr_user_cache",
  "sip_session",
  "temporarily_blocked",
]);

/** Where a record begins with so much of it as has its key. */
const headLength = 8192;

/**
 * What is where in the texts that `ejabberdctl dump` and `dump_table` write: a term for each record, table after table, in no
 * order. What is held grows with the number of records, not with what is in them.
 */
export class EjabberdDump {
  readonly #fields = new Map<string, readonly string[]>();
  readonly #accounts = new Map<string, DumpAccount>();
  /** Items of nodes, by the number of their node. */
  readonly #items = new Map<string, DumpPlace[]>();
  readonly #left = new Map<string, number>();
  readonly rooms: DumpPlace[] = [];
  readonly #services = new Set<string>();
  readonly faults: DumpFault[] = [];

  /** Looks through files. Throws ErlangDataError: none of them is a dump. */
  static async of(files: readonly DumpFile[]): Promise<EjabberdDump> {
    const dump = new EjabberdDump();
    for (const file of files)
      for await (const [start, text, end] of recordsOf(file)) dump.#index(file, start, end, text);
    if (dump.#fields.size === 0) throw new ErlangDataError("this is not what ejabberdctl dump writes");
    for (const [table, count] of dump.#left)
      dump.faults.push({ place: table, reason: `${count} records are left out` });
    return dump;
  }

  /** Those that have a password here; where no file has any, all that own something. By host, then by name. */
  get accounts(): DumpAccount[] {
    const all = [...this.#accounts.values()];
    const known = all.filter(({ places }) => places.has("passwd"));
    // What rooms have archived is theirs, and no account's.
    const owners = all.filter(({ host }) => !this.#services.has(host));
    return (known.length > 0 ? known : owners).toSorted(
      (a, b) => a.host.localeCompare(b.host) || a.local.localeCompare(b.local),
    );
  }

  /** What was said in a room. */
  archiveOf(service: string, room: string): readonly DumpPlace[] {
    return this.#accounts.get(addressOf(service, room))?.places.get("archive_msg") ?? [];
  }

  itemsOf(node: ErlangTerm | undefined): readonly DumpPlace[] {
    return this.#items.get(JSON.stringify(node)) ?? [];
  }

  /** Throws ErlangDataError. */
  async read({ file, start, end }: DumpPlace): Promise<DumpRecord> {
    const [table, ...values] = erlangTuple(readErlangTerm(bytesAsText(await file.slice(start, end))));
    const names = this.#fields.get(erlangAtom(table) ?? "") ?? [];
    return new Map(names.flatMap((name, at) => (at < values.length ? [[name, values[at]!] as const] : [])));
  }

  #index(file: DumpFile, start: number, end: number, text: string): void {
    try {
      const [tableTerm, key] = readErlangHead(text);
      const table = erlangAtom(tableTerm) ?? "";
      const place = { file, start, end };
      if (table === "tables") this.#describe(key);
      else if (owned.has(table)) this.#own(table, key, place);
      else if (table === "muc_room") {
        this.rooms.push(place);
        this.#services.add(erlangText(erlangTuple(key)[1]) ?? "");
      } else if (table === "pubsub_item") push(this.#items, JSON.stringify(erlangTuple(key)[1]), place);
      else if (!derived.has(table)) this.#leave(table);
    } catch (error) {
      if (!(error instanceof ErlangDataError)) throw error;
      this.faults.push({ place: `${file.name}, byte ${start}`, reason: error.message });
    }
  }

  #describe(tables: ErlangTerm): void {
    for (const entry of erlangList(tables)) {
      const [name, facts] = erlangTuple(entry);
      const attributes = erlangList(facts)
        .map(erlangTuple)
        .find(([fact]) => erlangAtom(fact) === "attributes")?.[1];
      this.#fields.set(
        erlangAtom(name) ?? "",
        erlangList(attributes).map((attribute) => erlangAtom(attribute) ?? ""),
      );
    }
  }

  #own(table: string, key: ErlangTerm, place: DumpPlace): void {
    // The key of a node is its owner and its name; nodes of the service itself belong to nobody.
    const [user, server] = erlangTuple(table === "pubsub_node" ? erlangTuple(key)[0] : key);
    const [local, host] = [erlangText(user), erlangText(server)];
    if (!local || !host) return this.#leave(table);
    const address = addressOf(host, local);
    let account = this.#accounts.get(address);
    if (account === undefined) {
      account = { host, local, places: new Map() };
      this.#accounts.set(address, account);
    }
    push(account.places, table, place);
  }

  #leave(table: string): void {
    this.#left.set(table, (this.#left.get(table) ?? 0) + 1);
  }
}

const addressOf = (host: string, local: string): string => `${host}\n${local}`;

function push(map: Map<string, DumpPlace[]>, key: string, place: DumpPlace): void {
  const places = map.get(key);
  if (places === undefined) map.set(key, [place]);
  else places.push(place);
}

/**
 * Each record with its place; of long ones the beginning. A record ends with a period and a line break, which no text in it has;
 * of two characters, where the dump has been on a system that writes them so.
 */
async function* recordsOf(file: DumpFile): AsyncGenerator<readonly [start: number, head: string, end: number]> {
  let rest = "";
  /** Where the rest begins in the file. */
  let base = 0;
  let searched = 0;
  const recordEnd = /\.\r?\n/g;
  for await (const piece of file.pieces()) {
    rest += bytesAsText(piece);
    let from = 0;
    recordEnd.lastIndex = searched;
    for (let found = recordEnd.exec(rest); found !== null; found = recordEnd.exec(rest)) {
      yield [base + from, headOf(rest, from, found.index), base + found.index];
      from = found.index + found[0].length;
    }
    rest = rest.slice(from);
    base += from;
    searched = Math.max(0, rest.length - 2);
  }
  if (rest.trim() !== "") yield [base, headOf(rest, 0, rest.length), base + rest.length];
}

const headOf = (text: string, from: number, end: number): string =>
  text.startsWith("{tables", from) ? text.slice(from, end) : text.slice(from, Math.min(end, from + headLength));

const chunk = 8192;

/** A text whose characters are the bytes. */
function bytesAsText(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += chunk) text += String.fromCharCode(...bytes.subarray(at, at + chunk));
  return text;
}

import { opening } from "./enclosed.ts";
import { LuaDataError, type LuaTable, luaTables } from "./lua-data.ts";
import { prosodyRoom } from "./prosody-room.ts";
import { prosodyArchived, prosodyUser } from "./prosody-user.ts";
import { roomHistory } from "./room-element.ts";

/** Files of one account by store. */
interface AccountFiles {
  readonly host: string;
  readonly local: string;
  readonly files: Map<string, string>;
}

/** A file that is not what its name says. */
export interface ProsodyFault {
  readonly path: string;
  readonly reason: string;
}

const PATH = /(?:^|\/)([^/]+)\/([^/]+)\/([^/]+)\.(dat|list)$/;

/** Prosody writes everything but ASCII letters and digits of a name as `%` and two digits. */
function decoded(name: string): string | null {
  try {
    return decodeURIComponent(name);
  } catch {
    return null;
  }
}

/** The accounts whose files are among these paths, each ending in `HOST/STORE/USER.dat` or `.list`; by host, then by name. */
export function prosodyAccounts(paths: readonly string[]): AccountFiles[] {
  const accounts = new Map<string, AccountFiles>();
  for (const path of paths) {
    const [, host, store, local] = (PATH.exec(path) ?? []).map((part) => decoded(part ?? "") ?? "");
    if (!host || !store || !local) continue;
    const key = `${host}\n${local}`;
    let account = accounts.get(key);
    if (account === undefined) {
      account = { host, local, files: new Map() };
      accounts.set(key, account);
    }
    account.files.set(store, path);
  }
  return [...accounts.values()]
    .filter(({ files }) => files.has("accounts"))
    .toSorted((a, b) => a.host.localeCompare(b.host) || a.local.localeCompare(b.local));
}

/** Files of a room, and its address. */
interface RoomFiles {
  readonly service: string;
  readonly name: string;
  readonly path: string;
  /** What was said in it. */
  readonly archive: string | undefined;
}

/** Rooms that stay, of which each has a file `SERVICE/config/NAME.dat`, and `SERVICE/muc_log/NAME.list` if it is archived. */
export function prosodyRooms(paths: readonly string[]): RoomFiles[] {
  const archives = new Map(paths.flatMap((path) => roomFile(path, "muc_log").map((file) => [addressOf(file), path])));
  return paths.flatMap((path) =>
    roomFile(path, "config").map((file) => ({ ...file, path, archive: archives.get(addressOf(file)) })),
  );
}

/** Which room a file is about, if it is of that store. */
function roomFile(path: string, wanted: string): Pick<RoomFiles, "service" | "name">[] {
  const [, service, store, name] = (PATH.exec(path) ?? []).map((part) => decoded(part ?? "") ?? "");
  return service && store === wanted && name ? [{ service, name }] : [];
}

const addressOf = ({ service, name }: Pick<RoomFiles, "service" | "name">): string => `${service}\n${name}`;

/**
 * The accounts, and behind them the rooms, as one XEP-0227 document, piece by piece: of lists, one item at a time is held. Files that cannot be read are told
 * and left out, from where they make no sense.
 */
export async function* prosodyDocument(
  accounts: readonly AccountFiles[],
  read: (path: string) => AsyncIterable<string>,
  failed: (fault: ProsodyFault) => void,
  rooms: readonly RoomFiles[] = [],
): AsyncGenerator<string> {
  const tablesOf = async function* (path: string | undefined): AsyncGenerator<LuaTable> {
    if (path === undefined) return;
    try {
      yield* luaTables(read(path));
    } catch (error) {
      if (!(error instanceof LuaDataError)) throw error;
      failed({ path, reason: error.message });
    }
  };
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<server-data xmlns="urn:xmpp:pie:0">`;
  let host: string | null = null;
  for (const account of accounts) {
    if (account.host !== host) {
      if (host !== null) yield "</host>";
      host = account.host;
      yield opening("host", { jid: host });
    }
    const { files } = account;
    const tables = (store: string): AsyncIterable<LuaTable> => tablesOf(files.get(store));
    yield* prosodyUser(account.local, { names: [...files.keys()], tables });
  }
  if (host !== null) yield "</host>";
  for (const { service, name, path, archive } of rooms) {
    yield opening("host", { jid: service });
    for await (const table of tablesOf(path)) yield prosodyRoom(name, table);
    yield* roomHistory(name, tablesOf(archive), prosodyArchived);
    yield "</host>";
  }
  yield "</server-data>";
}

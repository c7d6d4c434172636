import type { DumpFault, DumpPlace, DumpRecord, EjabberdDump } from "./ejabberd-dump.ts";
import { ejabberdHeard, ejabberdRoom } from "./ejabberd-room.ts";
import { ejabberdUser } from "./ejabberd-user.ts";
import { opening } from "./enclosed.ts";
import { ErlangDataError } from "./erlang-data.ts";
import { roomHistory } from "./room-element.ts";

/**
 * What a dump holds as one XEP-0227 document, piece by piece, rooms behind the accounts: one record at a time is held. Records that
 * cannot be read are told and left out.
 */
export async function* ejabberdDocument(
  dump: EjabberdDump,
  failed: (fault: DumpFault) => void,
  now: number,
): AsyncGenerator<string> {
  for (const fault of dump.faults) failed(fault);
  const read = async function* (places: readonly DumpPlace[]): AsyncGenerator<DumpRecord> {
    for (const place of places) {
      try {
        yield await dump.read(place);
      } catch (error) {
        if (!(error instanceof ErlangDataError)) throw error;
        failed({ place: `${place.file.name}, byte ${place.start}`, reason: error.message });
      }
    }
  };

  yield `<?xml version="1.0" encoding="UTF-8"?>\n<server-data xmlns="urn:xmpp:pie:0">`;
  let host: string | null = null;
  for (const account of dump.accounts) {
    if (account.host !== host) yield `${host === null ? "" : "</host>"}${opening("host", { jid: account.host })}`;
    host = account.host;
    yield* ejabberdUser(dump, account, read, now);
  }
  if (host !== null) yield "</host>";
  for await (const record of read(dump.rooms)) {
    const room = ejabberdRoom(record);
    if (room === undefined) continue;
    const { name, service, xml } = room;
    yield opening("host", { jid: service }) + xml;
    yield* roomHistory(name, read(dump.archiveOf(service, name)), ejabberdHeard);
    yield "</host>";
  }
  yield "</server-data>";
}

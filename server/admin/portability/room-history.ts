import type { RoomPast, RoomService } from "../../features/room-services.ts";
import type { Element } from "../../xmpp/element.ts";
import { Jid } from "../../xmpp/jid.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { ArchiveReader } from "./archive-reader.ts";
import { NS_MUC_USER } from "./names.ts";
import type { Tally } from "./tally.ts";

const step = 50;

/** Puts what a document tells of a room's past into its archive. Nothing is written in a dry run, but all is counted. */
export class RoomHistory {
  readonly #service: RoomService;
  readonly #room: Jid;
  readonly #tally: Tally;
  readonly #isDry: boolean;
  readonly #renamed: (jid: Jid) => Jid;
  readonly #reader = new ArchiveReader();
  #past: RoomPast[] = [];

  constructor(parts: {
    readonly service: RoomService;
    readonly room: Jid;
    readonly tally: Tally;
    readonly isDry: boolean;
    readonly renamed: (jid: Jid) => Jid;
  }) {
    this.#service = parts.service;
    this.#room = parts.room;
    this.#tally = parts.tally;
    this.#isDry = parts.isDry;
    this.#renamed = parts.renamed;
  }

  async add(result: Element): Promise<void> {
    const read = this.#reader.read(result);
    if (read === undefined) return;
    const { key, message } = read;
    const by = message.child("x", NS_MUC_USER)?.child("item", NS_MUC_USER);
    const nick = by?.attr("nick") ?? Jid.tryParse(message.attr("from") ?? "")?.resource ?? "";
    if (nick === "" || message.attr("type") !== "groupchat") return;
    const sender = Jid.tryParse(by?.attr("jid") ?? "");
    this.#tally.items.archivedMessages += 1;
    this.#past.push({
      key,
      nick,
      sender: sender === undefined ? null : this.#renamed(sender),
      message: Stanza.from(message),
    });
    if (this.#past.length >= step) await this.end();
  }

  /** What was given so far is in the archive. */
  async end(): Promise<void> {
    const past = this.#past;
    this.#past = [];
    if (this.#isDry || past.length === 0) return;
    const isThere = await this.#service.remember(this.#room.local, past);
    if (!isThere) this.#tally.problem(this.#room.bare, "the room has gone meanwhile");
  }
}

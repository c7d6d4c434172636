import type { Core } from "../../core/core.ts";
import type { Log } from "../../core/log.ts";
import type { Origin } from "../../core/session.ts";
import { withStanzaId } from "../../core/stanza-id.ts";
import { ArchiveIntake } from "../../features/archive/intake.ts";
import { pruneArchives, purgeArchives, type RetentionLimits } from "../../features/archive/retention.ts";
import type { MessageKey } from "../../storage/ports.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { maxHistoryLength, type Said } from "./history.ts";
import type { Room } from "./room.ts";
import { isSubject } from "./subject.ts";

/** What was said in the rooms of a service, in the store (XEP-0313 6.1.2). */
export class RoomArchive {
  readonly #core: Core;
  readonly #intake: ArchiveIntake;

  constructor(core: Core, log: Log) {
    this.#core = core;
    this.#intake = new ArchiveIntake(core.stores.archive, log);
  }

  /** Settles when the store has caught up; null: it has. */
  get catchingUp(): Promise<void> | null {
    return this.#intake.catchingUp;
  }

  /** Keeps a message, `stanza` being what occupants get, without its id. Its sender is told nothing before it is on disk. */
  keep(room: Room, key: MessageKey, stanza: Stanza, sender: Jid, origin: Origin): void {
    const copy = { host: room.jid.domain, local: room.jid.local, key, peer: sender.full, isOwn: false };
    this.#intake.add(origin, "groupchat", stanza.toString(), copy);
  }

  /** Hands over what has been collected, so that whatever is asked of the store next sees it. */
  readonly flush = (): void => this.#intake.flush();

  /** The last messages, as {@link Said}. */
  async latest(room: Room, limit: number): Promise<Said[]> {
    if (limit === 0) return [];
    this.flush();
    const { domain: host, local } = room.jid;
    const page = await this.#core.stores.archive.query({ host, local, from: "end", limit, maxBytes: maxHistoryLength });
    // Subjects are kept apart for those who enter (XEP-0045 7.2.15).
    return (page?.items ?? [])
      .map(({ key, at, xml }) => ({ key, at, stanza: withStanzaId(Stanza.parse(xml), room.jid.bare, key) }))
      .filter(({ stanza }) => !isSubject(stanza));
  }

  /** Messages past their time, or too many, leave. */
  async prune(service: string, limits: RetentionLimits, signal: AbortSignal): Promise<void> {
    const { clock, stores } = this.#core;
    await pruneArchives(stores.archive, service, limits, clock.now(), signal);
    await purgeArchives(stores.archive, signal);
  }
}

import type { Log } from "../log.ts";
import type { Origin } from "../session.ts";
import type { Archive, ArchiveUnit } from "../../storage/ports.ts";

/** Messages that may be on their way to the store; past that, senders wait, and memory is bounded. */
const maxUnderWay = 2000;

type Copy = ArchiveUnit["copies"][number];
interface Unit extends ArchiveUnit {
  readonly copies: Copy[];
}

/** What is to be archived in one turn, and who is told nothing before it is. */
interface Batch {
  readonly units: Unit[];
  readonly origins: Set<Origin>;
  readonly commit: PromiseWithResolvers<void>;
}

/** Collects what comes in one turn: one call to the store and one promise, however many messages. */
export class ArchiveIntake {
  readonly #archive: Archive;
  readonly #log: Log;
  #batch: Batch | null = null;
  #underWay = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(archive: Archive, log: Log) {
    this.#archive = archive;
    this.#log = log;
  }

  /** A copy of a message, whose sender is not told that it was taken before the copy is on disk. */
  add(origin: Origin, type: string, xml: string, copy: Copy): void {
    const batch = (this.#batch ??= this.#begin());
    const last = batch.units.at(-1);
    // The recipient's copy comes right after the sender's, with the very same text.
    if (last !== undefined && last.xml === xml) last.copies.push(copy);
    else batch.units.push({ type, xml, copies: [copy] });
    if (batch.origins.has(origin)) return;
    batch.origins.add(origin);
    origin.awaitCommit(batch.commit.promise);
  }

  /** Settles when the store has caught up; null: it has. */
  get catchingUp(): Promise<void> | null {
    return this.#underWay > maxUnderWay ? this.#last : null;
  }

  /** Hands over what has been collected, so that whatever is asked of the store next sees it. */
  readonly flush = (): void => {
    const batch = this.#batch;
    if (batch === null) return;
    this.#batch = null;
    const { units, commit } = batch;
    this.#underWay += units.length;
    const done = (): void => {
      this.#underWay -= units.length;
      commit.resolve();
    };
    this.#archive.keep(units).then(done, (error: unknown) => {
      this.#log.error("messages could not be archived", { messages: units.length, error: String(error) });
      done();
    });
  };

  #begin(): Batch {
    setImmediate(this.flush);
    const commit = Promise.withResolvers<void>();
    this.#last = commit.promise;
    return { units: [], origins: new Set(), commit };
  }
}

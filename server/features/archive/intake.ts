import type { Log } from "../../core/log.ts";
import type { Origin } from "../../core/session.ts";
import type { Archive, ArchiveUnit } from "../../storage/ports.ts";

/** Messages, and characters of them, that may be on their way to the store; past that, senders wait, and memory is bounded. */
const maxUnderWay = 8_000;
const maxCharactersUnderWay = 8_000_000;
/** How far apart calls are that nobody waits for, in milliseconds: each is a commit. */
const paceMs = 10;
/** Messages of one call. More than that do not wait for the end of a busy turn: the collector copies what lives that long. */
const maxAtOnce = 100;

type Copy = ArchiveUnit["copies"][number];
interface Unit extends ArchiveUnit {
  readonly copies: Copy[];
}

/** What is to be archived in one turn, and who is told nothing before it is. */
interface Batch {
  readonly units: Unit[];
  readonly origins: Set<Origin>;
  readonly commit: PromiseWithResolvers<void>;
  characters: number;
}

/**
 * Collects what comes in one turn: one call to the store and one promise, however many messages. When they come one by one,
 * it collects for some milliseconds, but not while a sender waits to be told.
 */
export class ArchiveIntake {
  readonly #archive: Archive;
  readonly #log: Log;
  #batch: Batch | null = null;
  #timer: NodeJS.Timeout | null = null;
  #flushedAt = 0;
  #underWay = 0;
  #charactersUnderWay = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(archive: Archive, log: Log) {
    this.#archive = archive;
    this.#log = log;
  }

  /** A copy of a message, whose sender is not told that it was taken before the copy is on disk. */
  add(origin: Origin, type: string, xml: string, copy: Copy): void {
    let batch = (this.#batch ??= this.#begin());
    const last = batch.units.at(-1);
    // The recipient's copy comes right after the sender's, with the very same text.
    if (last !== undefined && last.xml === xml) last.copies.push(copy);
    else {
      if (batch.units.length === maxAtOnce) {
        this.flush();
        batch = this.#batch = this.#begin();
      }
      batch.units.push({ type, xml, copies: [copy] });
      batch.characters += xml.length;
    }
    if (batch.origins.has(origin)) return;
    batch.origins.add(origin);
    origin.awaitCommit(batch.commit.promise, this.hurry);
  }

  /** Settles when the store has caught up; null: it has. */
  get catchingUp(): Promise<void> | null {
    const isBehind = this.#underWay > maxUnderWay || this.#charactersUnderWay > maxCharactersUnderWay;
    return isBehind ? this.#last : null;
  }

  /** Hands over at the end of the turn, because somebody waits or the store is about to commit anyway. */
  readonly hurry = (): void => {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    setImmediate(this.flush);
  };

  /** Hands over what has been collected, so that whatever is asked of the store next sees it. */
  readonly flush = (): void => {
    const batch = this.#batch;
    if (batch === null) return;
    this.#batch = null;
    this.#flushedAt = performance.now();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const { units, characters, commit } = batch;
    this.#await(this.#archive.keep(units), units.length, characters, commit.resolve);
  };

  // Apart, because what waits for the store must not keep the messages alive that the store has already.
  #await(answer: Promise<void>, messages: number, characters: number, committed: () => void): void {
    this.#underWay += messages;
    this.#charactersUnderWay += characters;
    const done = (): void => {
      this.#underWay -= messages;
      this.#charactersUnderWay -= characters;
      committed();
    };
    answer.then(done, (error: unknown) => {
      this.#log.error("messages could not be archived", { messages, error: String(error) });
      done();
    });
  }

  #begin(): Batch {
    const waitMs = this.#flushedAt + paceMs - performance.now();
    if (waitMs > 0) this.#timer = setTimeout(this.flush, waitMs);
    else setImmediate(this.flush);
    const commit = Promise.withResolvers<void>();
    this.#last = commit.promise;
    return { units: [], origins: new Set(), commit, characters: 0 };
  }
}

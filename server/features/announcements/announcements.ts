import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Core } from "../../core/core.ts";
import type { Log } from "../../core/log.ts";
import { onePerServer } from "../../core/one-per-server.ts";
import type { AnnouncementRow, Audience, Motd } from "../../storage/ports.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { announcementStanza, Delivery, hasBeenTold } from "./delivery.ts";
import { type Step, stepFrom } from "./recipients.ts";

export type { AnnouncementRow, Motd };

/** Recipients of one step: what is looked through again after a crash, and how long a stop has to wait. */
const stepRecipients = 50;
const pageRecipients = 1000;
/** A count ends here: it is for people, and a million accounts take seconds to look through. */
const maxCounted = 100_000;
const maxRunning = 4;
/** The place of an announcement that has come to its end. */
const over = "";

export interface AnnouncementDraft {
  /** null: all hosts. */
  readonly host: string | null;
  /** Whom; `accounts` and `online` say it by themselves. */
  readonly audience: Audience;
  readonly recipients?: readonly Jid[];
  readonly subject: string;
  readonly body: string;
  readonly perSecond: number;
  readonly createdBy: string;
}

type Parts = Pick<Core, "stores" | "hosts" | "sessions" | "router" | "clock" | "log">;

/**
 * Messages of the server to many accounts, and messages of the day. An announcement is a job in the store: a step is sent, and
 * once it is on disk the job moves on. One that a crash has interrupted looks, for the recipients of the step that it was at,
 * whether they have it. What is for those who are online is kept for nobody, so there the job moves on first: it comes once or,
 * to the recipients of one step, not at all.
 */
export class Announcements {
  readonly #parts: Parts;
  readonly #log: Log;
  readonly #motds = new Map<string, Motd>();
  readonly #listeners = new Set<(id: string) => void>();
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#log = parts.log.for("announcements");
  }

  /** Goes on with what the last process had begun. */
  async start(): Promise<void> {
    const { announcements } = this.#parts.stores;
    for (const motd of await announcements.motds()) this.#motds.set(motd.host, motd);
    for (const row of await announcements.running()) this.#follow(row, true);
  }

  /** Stops where it is; {@link start} goes on. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#underWay.values());
  }

  /** Hears of the beginning, of each step and of the end of an announcement. */
  onChange(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How many accounts there are to tell; `isExact` false: at least so many. */
  async count(host: string | null, audience: Audience): Promise<{ readonly count: number; readonly isExact: boolean }> {
    if (audience.kind !== "accounts") return { count: this.#online(host).length, isExact: true };
    const { accounts } = this.#parts.stores;
    if (audience.filter === "all" && audience.search === null)
      return { count: await accounts.count(host ?? undefined), isExact: true };
    let count = 0;
    let cursor: string | undefined;
    do {
      const page = await accounts.list({
        cursor,
        limit: pageRecipients,
        hosts: host === null ? undefined : [host],
        search: audience.search ?? undefined,
        filter: audience.filter,
      });
      count += page.items.length;
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && count < maxCounted);
    return { count, isExact: cursor === undefined };
  }

  /** Begins to tell them; null: too many announcements are under way. Resolves once it is in the store. */
  async begin({ recipients = [], ...draft }: AnnouncementDraft): Promise<AnnouncementRow | null> {
    if (this.#underWay.size >= maxRunning) return null;
    const { stores, clock } = this.#parts;
    const { announcements } = stores;
    const id = randomBytes(9).toString("base64url");
    const { kind } = draft.audience;
    const listed = kind === "online" ? this.#online(draft.host) : recipients.map(({ bare }) => bare);
    for (let first = 0; kind !== "accounts" && first < listed.length; first += pageRecipients)
      await announcements.addRecipients(id, first, listed.slice(first, first + pageRecipients));
    const matching = kind === "accounts" ? (await this.count(draft.host, draft.audience)).count : listed.length;
    const row = { ...draft, id, createdAt: clock.now(), matching };
    await announcements.add(row);
    const running: AnnouncementRow = { ...row, state: "running", sent: 0, skipped: 0, place: null, finishedAt: null };
    this.#follow(running, false);
    return running;
  }

  /** false: it has ended already. Who has it keeps it. */
  async stop(id: string): Promise<boolean> {
    const { stores, clock } = this.#parts;
    const isStopped = await stores.announcements.end(id, "stopped", clock.now());
    if (isStopped) this.#tell(id);
    return isStopped;
  }

  /** At once, for each login asks. */
  motdOf(host: string): Motd | undefined {
    return this.#motds.get(host);
  }

  /** Whoever has seen the one before is told the new one, unless `id` says that it is the same with another wording. */
  async setMotd(host: string, text: { subject: string; body: string; id?: string }, by: string): Promise<Motd> {
    const { stores, clock } = this.#parts;
    const id = text.id ?? randomBytes(9).toString("base64url");
    const motd: Motd = { host, id, subject: text.subject, body: text.body, setAt: clock.now(), setBy: by };
    await stores.announcements.setMotd(host, motd);
    this.#motds.set(host, motd);
    return motd;
  }

  async removeMotd(host: string): Promise<void> {
    await this.#parts.stores.announcements.setMotd(host, null);
    this.#motds.delete(host);
  }

  /** Tells a resource the message of the day, unless its account knows it. */
  async tellMotd(resource: Jid): Promise<void> {
    const { domain, local } = resource;
    const motd = this.#motds.get(domain);
    if (motd === undefined) return;
    if (!(await this.#parts.stores.announcements.tellMotd(domain, local, motd.id))) return;
    await this.#parts.router.send(announcementStanza(domain, resource, motd, "headline"));
  }

  /** Tells those who are here already. */
  async tellMotdToPresent(host: string): Promise<void> {
    const { sessions } = this.#parts;
    const present = [...sessions.all()].filter((one) => one.host.name === host && one.isAvailable);
    for (let from = 0; from < present.length && !this.#stopping.signal.aborted; from += stepRecipients)
      await Promise.all(present.slice(from, from + stepRecipients).map(({ jid }) => this.tellMotd(jid)));
  }

  #online(host: string | null): string[] {
    const all = [...this.#parts.sessions.accounts()];
    return host === null ? all : all.filter((jid) => jid.endsWith(`@${host}`));
  }

  #follow(row: AnnouncementRow, isResumed: boolean): void {
    const run = this.#run(row, isResumed)
      .catch((error: unknown) => this.#failed(row.id, error))
      .finally(() => this.#underWay.delete(row.id));
    this.#underWay.set(row.id, run);
    this.#tell(row.id);
  }

  async #run(row: AnnouncementRow, isResumed: boolean): Promise<void> {
    const { stores, clock } = this.#parts;
    const { announcements } = stores;
    const limit = Math.min(stepRecipients, row.perSecond);
    const { signal } = this.#stopping;
    // Where the crash was nobody knows which of them have it.
    let mayHaveIt = isResumed;
    for (let place = row.place; !signal.aborted;) {
      if (place === over) {
        await announcements.end(row.id, "done", clock.now());
        this.#tell(row.id);
        return;
      }
      const begunAt = performance.now();
      const step = await stepFrom(stores, { ...row, place }, clock.now(), limit);
      if (!(await this.#send(row, step, mayHaveIt))) return;
      mayHaveIt = false;
      this.#tell(row.id);
      place = step.next ?? over;
      if (place === over) continue;
      const restMs = (step.recipients.length * 1000) / row.perSecond - (performance.now() - begunAt);
      if (restMs > 0) await pause(restMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** One step, and the note that it is done. false: the announcement was stopped. */
  async #send(row: AnnouncementRow, step: Step, mayHaveIt: boolean): Promise<boolean> {
    const { stores, router } = this.#parts;
    const { announcements } = stores;
    const isForOnline = row.audience.kind === "online";
    const { recipients, skipped } = step;
    const next = step.next ?? over;
    if (isForOnline && !(await announcements.advance(row.id, next, recipients.length, skipped))) return false;
    const delivery = new Delivery(router);
    let sent = 0;
    for (const to of recipients) {
      if (this.#parts.hosts.get(to.domain) === undefined) continue;
      sent += 1;
      if (mayHaveIt && !isForOnline && (await hasBeenTold(stores, to, row))) continue;
      await delivery.send(announcementStanza(to.domain, to, row, isForOnline ? "headline" : "normal"));
    }
    await delivery.settled();
    return isForOnline || announcements.advance(row.id, next, sent, skipped + recipients.length - sent);
  }

  async #failed(id: string, error: unknown): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    this.#log.error("an announcement ended early", { announcement: id, error: String(error) });
    const { stores, clock } = this.#parts;
    await stores.announcements.end(id, "failed", clock.now()).catch(() => false);
    this.#tell(id);
  }

  #tell(id: string): void {
    for (const listener of this.#listeners) listener(id);
  }
}

export const announcementsOf = onePerServer((core) => new Announcements(core));

import type { Page, PageRequest } from "./page.ts";

/** Whom an announcement is for. All but `accounts`: those that were listed when it began. */
export type Audience =
  | {
      readonly kind: "accounts";
      readonly search: string | null;
      readonly filter: "all" | "never" | "queued";
    }
  | { readonly kind: "online" | "selection" | "users" | "sessions" };

export type AnnouncementState = "running" | "done" | "stopped" | "failed";

export interface NewAnnouncement {
  readonly id: string;
  /** null: all hosts. */
  readonly host: string | null;
  readonly audience: Audience;
  readonly subject: string;
  readonly body: string;
  readonly perSecond: number;
  readonly createdAt: number;
  readonly createdBy: string;
  /** Recipients when it began. */
  readonly matching: number;
}

export interface AnnouncementRow extends NewAnnouncement {
  readonly state: AnnouncementState;
  readonly sent: number;
  /** Recipients who could not have it: suspended, or gone. */
  readonly skipped: number;
  /** Where the next step goes on, as the caller wrote it; null: at the beginning. */
  readonly place: string | null;
  readonly finishedAt: number | null;
}

export interface Motd {
  readonly host: string;
  /** Another one for each text that everybody is to be told. */
  readonly id: string;
  readonly subject: string;
  readonly body: string;
  readonly setAt: number;
  readonly setBy: string;
}

/** Messages to many accounts, each with how far it has come, and messages of the day. */
export interface Announcements {
  add(announcement: NewAnnouncement): Promise<void>;
  /** Lists recipients, numbered from `first` on. */
  addRecipients(id: string, first: number, jids: readonly string[]): Promise<void>;
  /** Those with a number of `from` or more, at most `limit`. */
  recipients(id: string, from: number, limit: number): Promise<readonly string[]>;
  /** Adds to the counts and moves the place. false, and nothing is changed: it has ended. */
  advance(id: string, place: string | null, sent: number, skipped: number): Promise<boolean>;
  /** false: it had ended already. */
  end(id: string, state: Exclude<AnnouncementState, "running">, at: number): Promise<boolean>;
  find(id: string): Promise<AnnouncementRow | null>;
  /** Oldest first. */
  running(): Promise<readonly AnnouncementRow[]>;
  /** Newest first; with `hosts`, those that are for one of them only. */
  list(hosts: readonly string[] | undefined, page: PageRequest): Promise<Page<AnnouncementRow>>;
  /** Forgets recipients of those that have ended, and those that ended before a time, at most `limit` rows. Answers how many. */
  prune(before: number, limit: number): Promise<number>;
  motds(): Promise<readonly Motd[]>;
  /** null: none any more. */
  setMotd(host: string, motd: Motd | null): Promise<void>;
  /** Notes that an account is told a message of the day. false: it was told already. */
  tellMotd(host: string, local: string, motd: string): Promise<boolean>;
}

import type { Page, PageRequest } from "./page.ts";

/** What an admin made of a report. */
export type ReportResolution = "acted" | "dismissed";

export interface ReportedMessage {
  /** As the reporter named it (XEP-0359). */
  readonly by: string;
  readonly id: string;
  /** As it came to the reporter's account; null: it is not in the archive of that, or too large. */
  readonly xml: string | null;
}

export interface NewReport {
  readonly id: string;
  readonly host: string;
  /** Bare JID. */
  readonly reporter: string;
  /** Whom it is about; they were blocked with it. */
  readonly jid: string;
  /** URN, such as `urn:xmpp:reporting:spam`. */
  readonly reason: string;
  readonly text: string;
  /** What the reporter lets be done with it: `report-origin`, `third-party`. */
  readonly consents: readonly string[];
  readonly messages: readonly ReportedMessage[];
  readonly at: number;
}

export interface ReportRow extends NewReport {
  readonly resolved: {
    readonly at: number;
    readonly by: string;
    readonly as: ReportResolution;
  } | null;
  /** Of the admin. */
  readonly note: string;
}

export interface ReportFilter {
  readonly hosts?: readonly string[] | undefined;
  readonly state: "all" | "open" | "resolved";
  /** Part of the address of the one who is reported. */
  readonly search?: string | undefined;
}

export interface ReportLimits {
  readonly maxReports: number;
  /** Of one account since a time. */
  readonly maxPerReporter: number;
  readonly since: number;
}

/** Reports of spam and abuse (XEP-0377). */
export interface Reports {
  /** false: the account has made too many, or too many are kept. The oldest resolved ones make room. */
  add(report: NewReport, limits: ReportLimits): Promise<boolean>;
  find(id: string): Promise<ReportRow | null>;
  /** Newest first. */
  list(filter: ReportFilter, page: PageRequest): Promise<Page<ReportRow>>;
  /** false: there is none, or it is resolved already. */
  resolve(id: string, as: ReportResolution, by: string, note: string, at: number): Promise<boolean>;
  /** false: there is none, or it is open. */
  reopen(id: string): Promise<boolean>;
  open(hosts: readonly string[] | undefined): Promise<{ readonly count: number; readonly oldestAt: number | null }>;
  /** How many reports there are about somebody, open or not. */
  about(jid: string): Promise<number>;
  /** Forgets those of a host that were made before a time, at most `limit`. Answers how many. */
  prune(host: string, before: number, limit: number): Promise<number>;
}

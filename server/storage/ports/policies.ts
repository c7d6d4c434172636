import type { NewAccount } from "./accounts.ts";
import type { NewAuditRow } from "./audit.ts";
import type { Page, PageRequest } from "./page.ts";

export interface RevisionRow {
  readonly id: number;
  readonly at: number;
  readonly author: string;
  readonly comment: string;
  /** What the comment says, as JSON of a remark; null where somebody wrote it. */
  readonly remark: string | null;
  readonly rollbackOf: number | null;
}

export interface Policies {
  current(): Promise<{ revision: RevisionRow; document: string } | null>;
  /**
   * Appends a revision if the newest one is still `base` (0: none yet), with the audit row and, at set-up, the first
   * account, in one transaction. null: somebody else was faster.
   */
  commit(change: {
    readonly base: number;
    readonly at: number;
    readonly author: string;
    readonly comment: string;
    readonly remark: string | null;
    readonly rollbackOf: number | null;
    readonly document: string;
    readonly audit: NewAuditRow | null;
    readonly account?: NewAccount | undefined;
  }): Promise<RevisionRow | null>;
  list(page: PageRequest): Promise<Page<RevisionRow>>;
  get(id: number): Promise<{ revision: RevisionRow; document: string } | null>;
}

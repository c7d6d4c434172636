import type { NewAccount } from "./accounts.ts";
import type { Page, PageRequest } from "./page.ts";

export interface RegistrationDecisionRow {
  readonly id: number;
  readonly at: number;
  readonly host: string;
  readonly jid: string;
  readonly address: string;
  readonly source: "in-band" | "web";
  readonly allowed: boolean;
  readonly code: string;
  readonly line: string;
  readonly retryAfterSeconds: number | null;
}

export interface Registrations {
  /** When a network (CIDR text) last registered on any host, or null. */
  lastFrom(network: string): Promise<number | null>;
  /**
   * Creates the account, notes the network's time and appends the decision in one transaction. `taken`: the name exists, or
   * somebody has applied for it; `throttled`: the network registered after `notBefore`; `held`: an invite keeps the name for
   * somebody else; `spent`: the invite or the pass that is redeemed was taken back or used up. Then the decision given is not
   * written.
   */
  register(
    account: NewAccount,
    network: string | null,
    notBefore: number,
    decision: Omit<RegistrationDecisionRow, "id">,
    redeemed?: { readonly inviteId?: string | null; readonly passId?: string | null },
  ): Promise<"created" | "taken" | "throttled" | "held" | "spent">;
  append(decision: Omit<RegistrationDecisionRow, "id">): Promise<number>;
  list(
    filter: {
      readonly hosts?: readonly string[] | undefined;
      readonly jid?: string | undefined;
      readonly outcome: "all" | "allowed" | "denied";
    },
    page: PageRequest,
  ): Promise<Page<RegistrationDecisionRow>>;
  /** How often each line has decided since then, the most often first; at most 1000 lines. */
  hits(
    hosts: readonly string[] | undefined,
    since: number,
  ): Promise<readonly { readonly line: string; readonly allowed: boolean; readonly count: number }[]>;
  forget(network: string): Promise<void>;
  /** Deletes old decisions, and what of applications and passes has expired. */
  prune(before: number, limit: number): Promise<number>;
}

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
   * Creates the account, notes the network's time and appends the decision in one transaction. `taken`: the name exists;
   * `throttled`: the network registered after `notBefore`; `held`: an invite keeps the name for somebody else; `spent`:
   * the invite that is redeemed was revoked or used up. Then the decision given is not written.
   */
  register(
    account: NewAccount,
    network: string | null,
    notBefore: number,
    decision: Omit<RegistrationDecisionRow, "id">,
    inviteId?: string | null,
  ): Promise<"created" | "taken" | "throttled" | "held" | "spent">;
  append(decision: Omit<RegistrationDecisionRow, "id">): Promise<number>;
  list(
    filter: { readonly hosts?: readonly string[] | undefined; readonly outcome: "all" | "allowed" | "denied" },
    page: PageRequest,
  ): Promise<Page<RegistrationDecisionRow>>;
  forget(network: string): Promise<void>;
  prune(before: number, limit: number): Promise<number>;
}

import type { AccountSource, Credentials, NewAccount } from "./accounts.ts";
import type { Page, PageRequest } from "./page.ts";
import type { RegistrationDecisionRow } from "./registrations.ts";

/** Somebody has asked for an account and waits for an admin. */
export interface ApplicationRow {
  readonly host: string;
  readonly local: string;
  readonly at: number;
  readonly source: AccountSource & ("in-band" | "web");
  readonly address: string;
  /** What they wrote for the admin. */
  readonly message: string;
  /** Of whoever applied, as a BCP 47 tag; "": unknown. */
  readonly language: string;
  readonly expiresAt: number;
  /** null: it waits. */
  readonly denied: { readonly at: number; readonly by: string; readonly reason: string } | null;
}

export interface NewApplication extends Omit<ApplicationRow, "denied"> {
  readonly credentials: Credentials;
}

/** Lets one registration through that the policy would refuse. */
export interface RegistrationPass {
  readonly id: string;
  readonly host: string;
  readonly local: string;
  /** Where it has to come from, as CIDR. */
  readonly network: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number;
}

/**
 * Applications for accounts. One that waits holds its name; to a login it looks like a suspended account (`Accounts.login`).
 * After `expiresAt` there is none any more.
 */
export interface Applications {
  /**
   * Keeps the application, notes the network's time and appends the decision in one transaction. `taken`: there is such an
   * account, or somebody else has asked for it; `full`: `maxWaiting` wait on the host; `throttled` and `held` as for a
   * registration. Then nothing is written. One that was refused makes way.
   */
  apply(
    application: NewApplication,
    network: string | null,
    notBefore: number,
    maxWaiting: number,
    decision: Omit<RegistrationDecisionRow, "id">,
  ): Promise<"waiting" | "taken" | "throttled" | "held" | "full">;
  find(host: string, local: string): Promise<ApplicationRow | null>;
  /** Oldest first. `search`: a part of the name. */
  list(
    filter: {
      readonly hosts?: readonly string[] | undefined;
      readonly state: "waiting" | "denied";
      readonly search?: string | undefined;
    },
    page: PageRequest,
  ): Promise<Page<ApplicationRow>>;
  /** How many wait, and since when; on these hosts or, left out, on all. */
  waiting(hosts?: readonly string[]): Promise<{ readonly count: number; readonly oldestAt: number | null }>;
  /** Makes the account with what was applied for. null: nobody has applied, or it was refused; `taken`: the account is there. */
  approve(host: string, local: string, at: number): Promise<NewAccount | "taken" | null>;
  /** false: nobody waits under this name. */
  deny(host: string, local: string, denied: NonNullable<ApplicationRow["denied"]>): Promise<boolean>;
  addPass(pass: RegistrationPass): Promise<void>;
  /** Those that have not expired, the newest first. */
  passes(): Promise<readonly RegistrationPass[]>;
  removePass(id: string): Promise<boolean>;
}

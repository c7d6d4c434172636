import { languageTagOf } from "../../../lib/contracts/language-tag.ts";
import type { RegistrationVerdict } from "../../../lib/contracts/registration.ts";
import type { Core } from "../../core/core.ts";
import type { NewAccount, RegistrationDecisionRow } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";
import { registrationPassesOf } from "./passes.ts";
import {
  decideRegistration,
  type RegistrationAttempt,
  type RegistrationPolicy,
  throttleNetwork,
} from "./registration.ts";

export type RegistrationSource = RegistrationDecisionRow["source"];

function row(
  attempt: RegistrationAttempt,
  source: RegistrationSource,
  verdict: RegistrationVerdict,
  at: number,
): Omit<RegistrationDecisionRow, "id"> {
  const { allowed, code, line, retryAfterSeconds } = verdict;
  const name = Jid.tryParse(`${attempt.local}@${attempt.host}`);
  const jid = name !== undefined && name.domain === attempt.host ? name.bare : `${attempt.local}@${attempt.host}`;
  return { at, host: attempt.host, jid, address: attempt.address, source, allowed, code, line, retryAfterSeconds };
}

/** Somebody who has filled in the form. */
export interface Registrant extends RegistrationAttempt {
  readonly password: string;
  /** What they tell the admin who has to approve it. */
  readonly message?: string;
  /** Theirs, as they say; kept if it is a BCP 47 tag. */
  readonly language?: string | undefined;
}

const dayMs = 86_400_000;

/**
 * Registers an account if the policy lets it, or keeps the application where an admin has to approve it, and writes the
 * decision down either way. Account, throttle and decision are one transaction, so that of two attempts at once from one
 * network only one goes through.
 */
export async function registerAccount(
  core: Core,
  attempt: Registrant,
  source: RegistrationSource,
): Promise<RegistrationVerdict> {
  const { registrations } = core.stores;
  const verdict = await decideRegistration(core, attempt);
  if (!verdict.allowed) {
    await registrations.append(row(attempt, source, verdict, core.clock.now()));
    return verdict;
  }
  const user = Jid.of(attempt.local, attempt.host);
  const { password, address } = attempt;
  const account = await core.accounts.draft({ user, password, via: source, address });
  const decision = row(attempt, source, verdict, account.createdAt);
  const refused =
    verdict.code === "waiting"
      ? await apply(core, attempt, account, decision)
      : await create(core, attempt, account, decision);
  if (refused === null) return verdict;
  // Somebody was faster while the keys were derived: now the same questions have another answer.
  const second = refused === "again" ? await decideRegistration(core, attempt) : refused;
  await registrations.append(row(attempt, source, second, core.clock.now()));
  return second;
}

type Decision = ReturnType<typeof row>;

/** null: done. `again`: it has to be decided anew. */
async function create(
  core: Core,
  attempt: Registrant,
  account: NewAccount,
  decision: Decision,
): Promise<RegistrationVerdict | "again" | null> {
  const passes = registrationPassesOf(core);
  const policy = core.policy.registration(attempt.host);
  const invite = attempt.invite ?? null;
  const permit = passes.permitFor(attempt);
  const isThrottled = invite === null && permit === null;
  const outcome = await core.stores.registrations.register(
    account,
    isThrottled ? throttleNetwork(policy, attempt.address) : null,
    throttledSince(policy, account.createdAt),
    decision,
    // What lets somebody in that needs no invite leaves it for another.
    permit === null ? { inviteId: invite?.id ?? null } : { passId: permit.id },
  );
  if (permit !== null && (outcome === "created" || outcome === "spent")) passes.forget(permit.id);
  if (outcome === "created") {
    const user = Jid.of(account.local, account.host);
    await core.accounts.created(account, user);
    await introduce(core, user, invite?.inviter ?? null);
    return null;
  }
  if (outcome !== "spent") return "again";
  return permit === null
    ? { allowed: false, code: "bad-invite", line: `invite ${invite!.id} is used up`, retryAfterSeconds: null }
    : { allowed: false, code: "pass-used", line: "it was allowed once", retryAfterSeconds: null };
}

async function apply(
  core: Core,
  attempt: Registrant,
  { host, local, credentials, createdAt: at }: NewAccount,
  decision: Decision,
): Promise<"again" | null> {
  const policy = core.policy.registration(host);
  const { address, message = "" } = attempt;
  const language = languageTagOf(attempt.language) ?? "";
  const expiresAt = at + policy.approvalDays * dayMs;
  const { source } = decision;
  const outcome = await core.stores.applications.apply(
    { host, local, credentials, at, source, address, message: message.slice(0, maxMessage), language, expiresAt },
    throttleNetwork(policy, address),
    throttledSince(policy, at),
    policy.approvalLimit,
    decision,
  );
  if (outcome !== "waiting") return "again";
  const user = Jid.of(local, host);
  await core.hosts.get(host)?.hooks.fire("account/applied", { user, address });
  return null;
}

/** What an applicant may write, in characters. */
const maxMessage = 500;

const throttledSince = ({ timeout }: RegistrationPolicy, at: number): number =>
  at - (timeout === "infinity" ? 0 : timeout * 1000);

/** Makes whoever invited somebody and the new account contacts of each other (XEP-0401 4). */
async function introduce(core: Core, user: Jid, inviterJid: string | null): Promise<void> {
  const inviter = Jid.tryParse(inviterJid ?? "");
  if (inviter === undefined || !(await core.accounts.exists(inviter))) return;
  for (const [one, other] of [
    [user, inviter],
    [inviter, user],
  ] as const)
    await core.hosts.get(one.domain)?.hooks.fire("roster/agreed", { user: one, contact: other });
}

import type { RegistrationVerdict } from "../../lib/contracts/registration.ts";
import type { RegistrationDecisionRow } from "../storage/ports.ts";
import { Jid } from "../xmpp/jid.ts";
import type { Core } from "./core.ts";
import { decideRegistration, type RegistrationAttempt, throttleNetwork } from "./registration.ts";

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

/**
 * Registers an account if the policy lets it, and writes the decision down either way. Account, throttle and decision are
 * one transaction, so that of two attempts at once from one network only one goes through.
 */
export async function registerAccount(
  core: Core,
  attempt: RegistrationAttempt & { readonly password: string },
  source: RegistrationSource,
): Promise<RegistrationVerdict> {
  const { registrations } = core.stores;
  const verdict = await decideRegistration(core, attempt);
  if (!verdict.allowed) {
    await registrations.append(row(attempt, source, verdict, core.clock.now()));
    return verdict;
  }
  const policy = core.policy.registration(attempt.host);
  const invite = attempt.invite ?? null;
  const network = invite === null ? throttleNetwork(policy, attempt.address) : null;
  const user = Jid.of(attempt.local, attempt.host);
  const account = await core.accounts.draft({
    user,
    password: attempt.password,
    via: source,
    address: attempt.address,
  });
  const notBefore = account.createdAt - (policy.timeout === "infinity" ? 0 : policy.timeout * 1000);
  const outcome = await registrations.register(
    account,
    network,
    notBefore,
    row(attempt, source, verdict, account.createdAt),
    invite?.id ?? null,
  );
  if (outcome === "created") {
    await core.accounts.created(account, user);
    await introduce(core, user, invite?.inviter ?? null);
    return verdict;
  }
  if (outcome === "spent") {
    const spent = {
      allowed: false,
      code: "bad-invite",
      line: `invite ${invite!.id} is used up`,
      retryAfterSeconds: null,
    } as const;
    await registrations.append(row(attempt, source, spent, core.clock.now()));
    return spent;
  }
  // Somebody was faster while the keys were derived: now the same questions have another answer.
  const second = await decideRegistration(core, attempt);
  await registrations.append(row(attempt, source, second, core.clock.now()));
  return second;
}

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

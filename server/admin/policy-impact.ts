import { setImmediate as nextTurn } from "node:timers/promises";
import type { PolicyCount, PolicyImpact } from "../../lib/contracts/policy-impact.ts";
import type { Condition, Policy } from "../../lib/contracts/policy.ts";
import type { Core } from "../core/core.ts";
import { ConditionError, type Subject } from "../core/policy/condition.ts";
import { Engine } from "../core/policy/engine.ts";
import { Impact } from "../core/policy/impact.ts";
import { Jid } from "../xmpp/jid.ts";
import type { Call } from "./call.ts";
import { badInputAs } from "./errors.ts";

/** Accounts that are asked about; of more, each n-th. */
const maxAccounts = 100_000;
/** What one answer may take; then it is about the accounts that were reached. */
const budgetMs = 2_000;
const pageSize = 1_000;

/**
 * For whom a draft answers otherwise than the policy in force: all accounts up to {@link maxAccounts}, else a sample spread
 * evenly over them, and all sessions. Between pages of accounts the streams have their turn.
 */
export async function impactOf(core: Core, draft: Policy, call: Call): Promise<PolicyImpact> {
  const impact = new Impact(core.policy.compiled, { document: draft, engine: new Engine(draft) });
  const total = await core.stores.accounts.count();
  const checked = impact.isEmpty ? total : await askAccounts(core, total, (jid) => impact.account(jid));
  const sessions = await askSessions(core, (subject) => impact.session(subject));
  const rules = impact.result();
  for (const { gain, lose, online } of rules) {
    if (!call.may("users:read")) gain.samples = lose.samples = [];
    if (!call.may("sessions:read")) online.gain.samples = online.lose.samples = [];
  }
  return { accounts: { total, checked }, sessions, rules };
}

/** How many accounts and sessions a condition matches, as a draft or the policy in force understands it. */
export async function countMatches(core: Core, condition: Condition, draft: Policy | undefined): Promise<PolicyCount> {
  const engine = draft === undefined ? core.policy.compiled.engine : new Engine(draft);
  const matches = matcher(engine, condition);
  const total = await core.stores.accounts.count();
  const count = { matched: 0, total, checked: 0, online: 0 };
  count.checked = await askAccounts(core, total, (jid) => {
    if (matches({ jid, ip: null, host: jid.domain })) count.matched += 1;
  });
  await askSessions(core, (subject) => {
    if (matches(subject)) count.online += 1;
  });
  return count;
}

function matcher(engine: Engine, condition: Condition): (subject: Subject) => boolean {
  try {
    return engine.condition(condition);
  } catch (error) {
    if (error instanceof ConditionError) throw badInputAs("condition", error.message);
    throw error;
  }
}

/** Asks about each account, or each n-th of too many; resolves with the number of those asked about. */
async function askAccounts(core: Core, total: number, ask: (jid: Jid) => void): Promise<number> {
  const step = Math.max(1, Math.ceil(total / maxAccounts));
  const end = performance.now() + budgetMs;
  let seen = 0;
  let checked = 0;
  for (const host of Object.keys(core.policy.document.hosts)) {
    let after = "";
    do {
      const names = await core.stores.accounts.names(host, after, pageSize);
      for (const local of names) {
        if (seen++ % step !== 0) continue;
        ask(Jid.of(local, host));
        checked += 1;
      }
      after = names.length < pageSize ? "" : names.at(-1)!;
      if (performance.now() > end) return checked;
      await nextTurn();
    } while (after !== "");
  }
  return checked;
}

/** Asks about each session; resolves with their number. */
async function askSessions(core: Core, ask: (subject: Subject) => void): Promise<number> {
  const sessions = [...core.sessions.all()];
  for (const [index, { jid, link, host }] of sessions.entries()) {
    ask({ jid, ip: link.address, host: host.name });
    if (index % pageSize === pageSize - 1) await nextTurn();
  }
  return sessions.length;
}

import type { ForwardPolicy } from "../../../lib/contracts/forward-policy.ts";
import type { Clock } from "../../core/clock.ts";
import type { PolicyState } from "../../core/policy/state.ts";
import type { Archive } from "../../storage/ports.ts";
import { occasionOfKept } from "../plan/kept.ts";
import { rulesByHost } from "../rules/by-host.ts";

const mostMessages = 10_000;
/** Messages looked at in one step, most of them of people who were there: a few milliseconds of the thread that has the streams. */
const stepMessages = 200;
/** Somebody waits for the answer: it is about fewer messages then. */
const longestMs = 2_000;

interface Parts {
  readonly archive: Pick<Archive, "latest">;
  readonly policy: Pick<PolicyState, "matchesAcl">;
  readonly clock: Clock;
}

/** How many of the latest messages for somebody who was away each rule matches, asked in their order. */
export async function countMatches(
  { archive, policy, clock }: Parts,
  hosts: readonly string[],
  forward: ForwardPolicy,
) {
  const rules = rulesByHost(hosts, forward, policy);
  const matched = forward.rules.map(() => 0);
  const end = clock.now() + longestMs;
  let messages = 0;
  let before = Number.MAX_SAFE_INTEGER;
  let isOver = false;
  while (!isOver) {
    const step = await archive.latest(hosts, before, stepMessages);
    const rows = step.messages.slice(0, mostMessages - messages);
    for (const row of rows) {
      const occasion = occasionOfKept(row);
      if (occasion === null) continue;
      const trace = rules.get(row.host)?.explain(occasion).trace.rules ?? [];
      for (const [index, rule] of trace.entries()) if (rule.matched) matched[index]! += 1;
    }
    messages += rows.length;
    before = step.next ?? 0;
    isOver = step.next === null || messages >= mostMessages || clock.now() >= end;
  }
  return { messages, rules: forward.rules.map(({ name }, index) => ({ name, matched: matched[index]! })) };
}

import type { PolicyState } from "../../core/policy/state.ts";
import type { KeptMessage, NewOutboxEvent, Outbox } from "../../storage/ports.ts";
import { occasionOfKept } from "../plan/kept.ts";
import { planOne } from "../plan/plan.ts";
import { HostRules } from "../rules/compile.ts";

interface LateParts {
  readonly outbox: Pick<Outbox, "about" | "add" | "retry">;
  readonly policy: Pick<PolicyState, "document" | "matchesAcl">;
}

export interface LateForwards {
  /** Events that the rules in force want and that were not there, and those that wait or were given up and are due now. */
  readonly planned: number;
  readonly retried: number;
  /** Targets with something to do. */
  readonly targets: ReadonlySet<string>;
}

const settled: ReadonlySet<string> = new Set(["delivered", "cancelled", "sending"]);

/** Forwards messages of one account that wait, whatever became of them before; what was delivered is not sent again. */
export async function forwardLate(
  { outbox, policy }: LateParts,
  host: string,
  user: string,
  messages: readonly Omit<KeptMessage, "host" | "type">[],
  now: number,
): Promise<LateForwards> {
  const known = await outbox.about(
    user,
    messages.map(({ id }) => id),
  );
  const targets = new Set<string>();
  let retried = 0;
  for (const { event } of known) {
    if (settled.has(event.state) || !(await outbox.retry(event.id, now))) continue;
    retried += 1;
    targets.add(event.target);
  }
  const told = new Set(known.map(({ message, event }) => `${message} ${event.target}`));
  const rules = new HostRules(host, policy.document.forward, {
    matchesAcl: (name, jid) => policy.matchesAcl(name, { jid, ip: null, host }),
    onFault: () => {},
  });
  const events: NewOutboxEvent[] = [];
  for (const message of messages) {
    const occasion = occasionOfKept({ ...message, host });
    for (const choice of occasion === null ? [] : rules.choose(occasion)) {
      if (told.has(`${message.id} ${choice.name}`)) continue;
      const event = planOne(choice, occasion!, now);
      if (event !== null) events.push({ ...event, message: message.id });
    }
  }
  const planned = events.length === 0 ? 0 : await outbox.add(events);
  for (const { target } of events) targets.add(target);
  return { planned, retried, targets };
}

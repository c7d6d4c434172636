import type { ForwardPolicy } from "../../lib/contracts/forward-policy.ts";
import type { Core } from "../core/core.ts";
import type { Secrets } from "../core/secrets.ts";
import { keepOutboxSmall } from "./retention.ts";
import type { ForwardAlert, ForwardRunner, ForwardService, ResolvedTarget } from "./service.ts";
import { openTarget } from "./target-secrets.ts";
import { systemTimers } from "./timers.ts";

const author = "nightpost";

/**
 * Joins a dispatcher to the server: it follows the policy's targets, hears of commits, and holds a target that answered
 * 410 in the policy, where an operator sees and releases it.
 */
export async function startForward(
  core: Pick<Core, "policy" | "stores" | "log" | "clock">,
  secrets: Secrets,
  runner: ForwardRunner,
): Promise<ForwardService> {
  const { policy, stores } = core;
  const log = core.log.for("forward");
  let pending = Promise.resolve();

  const apply = async (forward: ForwardPolicy): Promise<void> => {
    const resolved = new Map<string, ResolvedTarget>();
    for (const [name, target] of Object.entries(forward.targets)) {
      try {
        resolved.set(name, await openTarget(name, target, stores.admin, secrets));
      } catch (error) {
        // Sent without its secrets it would be refused and used up; held, it waits for the operator.
        log.error("a target is held: its secrets cannot be read", { target: name, error: String(error) });
      }
    }
    runner.configure(resolved);
  };
  /** One after the other, so that the newest policy has the last word. */
  const reload = (): Promise<void> => {
    pending = pending
      .then(() => apply(policy.document.forward))
      .catch((error: unknown) => log.error("targets cannot be read", { error: String(error) }));
    return pending;
  };

  const hold = (target: string): void => {
    const by = { author, comment: `${target} answered 410 Gone: held`, audit: null };
    policy
      .change(by, (draft) => {
        if (Object.hasOwn(draft.forward.targets, target)) draft.forward.targets[target]!.paused = true;
      })
      .catch((error: unknown) => log.error("a target cannot be held", { target, error: String(error) }));
  };

  const undo = [
    policy.onChange(() => void reload()),
    stores.onQueued((targets) => runner.wake(targets)),
    keepOutboxSmall(stores.outbox, core.clock, systemTimers, log),
    runner.onAlert((alert: ForwardAlert) => {
      if (alert.kind === "gone") hold(alert.target);
    }),
  ];
  await reload();
  return {
    wake: (targets) => runner.wake(targets),
    test: (name, target) => runner.test(name, target),
    health: () => runner.health(),
    onAlert: (listener) => runner.onAlert(listener),
    reload,
    close: async () => {
      for (const step of undo) step();
      await pending;
      await runner.close();
    },
  };
}

import type { ForwardPolicy } from "../../lib/contracts/forward-policy.ts";
import { remark } from "../../lib/contracts/remarks.ts";
import type { Core } from "../core/core.ts";
import type { Secrets } from "../core/secrets.ts";
import { GoneTargets } from "./gone-targets.ts";
import { checkForward } from "./plan/checks.ts";
import { giveSecondChances } from "./push/app-server/second-chance.ts";
import { keepOutboxSmall } from "./retention.ts";
import type { ForwardAlert, ForwardRunner, ForwardService, ResolvedTarget, TargetState } from "./service.ts";
import { openTarget } from "./target-secrets.ts";
import { systemTimers } from "./timers.ts";
import { sealedVault } from "./vault.ts";

const author = "nightpost";

/** Of a target that the dispatcher has not heard of. */
const idle: TargetState = {
  breaker: "closed",
  breakerUntil: null,
  inFlight: 0,
  limit: 0,
  failingSince: null,
  failingReason: "",
  fault: null,
  goneSince: null,
  blocked: null,
  pruning: null,
  attempts: new Map(),
};

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
  /** Targets that the dispatcher does not get: why, and since when. */
  const unreadable = new Map<string, { readonly since: number; readonly detail: string }>();
  policy.addCheck(checkForward);
  const gone = await GoneTargets.load(stores.outbox, policy.document.forward, log);
  runner.useVault(sealedVault(stores.admin, secrets, core.clock, log));

  const apply = async (forward: ForwardPolicy): Promise<void> => {
    const resolved = new Map<string, ResolvedTarget>();
    for (const [name, target] of Object.entries(forward.targets)) {
      try {
        resolved.set(name, await openTarget(name, target, stores.admin, secrets));
        unreadable.delete(name);
      } catch (error) {
        // Sent without its secrets it would be refused and used up; held, it waits for the operator.
        log.error("a target is held: its secrets cannot be read", { target: name, error: String(error) });
        const detail = `its secrets cannot be read: ${error instanceof Error ? error.message : String(error)}`;
        unreadable.set(name, { since: unreadable.get(name)?.since ?? core.clock.now(), detail });
      }
    }
    for (const name of unreadable.keys()) if (!Object.hasOwn(forward.targets, name)) unreadable.delete(name);
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
    const by = { author, comment: remark("revision-target-gone", { name: target }), audit: null };
    policy
      .change(by, (draft) => {
        if (Object.hasOwn(draft.forward.targets, target)) draft.forward.targets[target]!.paused = true;
      })
      .then(() => gone.note(target, core.clock.now()))
      .catch((error: unknown) => log.error("a target cannot be held", { target, error: String(error) }));
  };

  const undo = [
    policy.onChange((now, before) => {
      gone.policyChanged(now.forward, before.forward);
      void reload();
    }),
    stores.onQueued((targets) => runner.queued(targets)),
    keepOutboxSmall(stores.outbox, core.clock, systemTimers, log),
    giveSecondChances(stores.devices, core.clock, systemTimers, log),
    runner.onAlert((alert: ForwardAlert) => {
      if (alert.kind === "gone") hold(alert.target);
    }),
  ];
  await reload();
  // What an earlier run left.
  runner.wake((await stores.outbox.due()).map(({ target }) => target));
  return {
    retryMs: runner.retryMs,
    wake: (targets) => runner.wake(targets),
    test: (name, target, device, options) => runner.test(name, target, device, options),
    health: async () => {
      const states = new Map(await runner.health());
      for (const [name, fault] of unreadable) states.set(name, { ...(states.get(name) ?? idle), fault });
      for (const [name, goneSince] of gone.all) states.set(name, { ...(states.get(name) ?? idle), goneSince });
      return states;
    },
    release: async (target) => {
      gone.forget(target);
      await reload();
      runner.release(target);
    },
    onAlert: (listener) => runner.onAlert(listener),
    onPublish: (handler) => runner.onPublish(handler),
    reload,
    close: async () => {
      for (const step of undo) step();
      await pending;
      await runner.close();
    },
  };
}

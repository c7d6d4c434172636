import { z } from "zod";
import type { Policy } from "../../lib/contracts/policy.ts";
import { defineModule } from "../core/module.ts";
import { planEvents, planFor } from "./plan.ts";

export const forward = defineModule({
  name: "forward",
  summary: "Plans which web servers hear of a message that is kept for an absent user.",
  xeps: [],
  options: z.strictObject({}),
  start({ host, core, hook, onStop }) {
    let plan = planFor(host.name, core.policy.document.forward);
    onStop(
      core.policy.onChange((now: Policy, before: Policy) => {
        if (now.forward !== before.forward) plan = planFor(host.name, now.forward);
      }),
    );
    hook(
      "message/offline",
      (delivery) => {
        for (const event of planEvents(plan, host.name, delivery)) delivery.forwards.push(event);
        return undefined;
      },
      45,
    );
  },
});

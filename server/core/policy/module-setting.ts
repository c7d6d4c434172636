import type { z } from "zod";
import type { ModuleSetting, Policy } from "../../../lib/contracts/policy.ts";
import { own } from "./engine.ts";

/** What a document says of a module on a host: the host's own setting, else the one for all hosts; undefined: nothing. */
export function moduleSetting(policy: Policy, host: string, name: string): z.infer<typeof ModuleSetting> | undefined {
  return own(own(policy.hosts, host)?.modules ?? {}, name) ?? own(policy.modules, name);
}

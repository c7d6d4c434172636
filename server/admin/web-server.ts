import type { Policy } from "../../lib/contracts/policy.ts";
import { own } from "../core/policy/engine.ts";
import { badInput, refused } from "./errors.ts";

/** Throws unless the target that the input names in `field` is a web server. */
export function requireWebServer({ forward }: Pick<Policy, "forward">, field: string, name: string): void {
  const target = own(forward.targets, name);
  if (target === undefined) throw refused("not-found", "target-missing", { name });
  if (target.kind !== "webhook") throw badInput(field, "not-a-web-server");
}

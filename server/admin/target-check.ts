import type { ForwardTarget } from "../../lib/contracts/forward-target.ts";
import { problemsOf } from "../forward/plan/checks.ts";
import { requiredSecret } from "../forward/target-secrets.ts";
import { AdminError } from "./errors.ts";

/**
 * Throws `bad-input` for settings that cannot work: a template that cannot be read, a key file that is none. `path` is where
 * the target is in the input. What is kept sealed is looked at only when it was typed.
 */
export function requireSound(target: ForwardTarget, path: string, only: "everything" | "key" = "everything"): void {
  const key = requiredSecret(target);
  const errors = problemsOf(target).flatMap(({ field, message, line, column, reason, values }) => {
    if (only === "key" && field !== key) return [];
    const error = { path: `${path}.${field}`, message };
    // The sentence of the code has no place for where it is.
    if (line === null || column === null) return [{ ...error, reason, values }];
    return [{ ...error, message: `line ${line}, column ${column}: ${message}` }];
  });
  const [first] = errors;
  if (first !== undefined) throw new AdminError("bad-input", `${first.path}: ${first.message}`, { errors });
}

import { ForwardTarget } from "@/lib/contracts/forward-target.ts";
import { fromForm, type TargetForm, type TargetFormInput } from "./target-form.ts";

/** Stands in for what is not filled in yet, so that the rest can be looked at. */
const placeholders: Readonly<Record<string, string>> = {
  url: "https://example.org/",
  keyId: "AAAAAAAAAA",
  teamId: "AAAAAAAAAA",
  topic: "org.example.app",
  contact: "https://example.org/",
  key: "",
  serviceAccount: "",
};

/**
 * The target that a half-filled form would be, and which of its settings are not there or not yet right; null when too much
 * is missing.
 */
export function candidateOf(form: TargetFormInput): { target: ForwardTarget; missing: ReadonlySet<string> } | null {
  const whole: Readonly<Record<string, unknown>> = { ...fromForm(form as TargetForm) };
  const first = ForwardTarget.safeParse(whole);
  const empty = Object.keys(placeholders).filter((name) => whole[name] === "");
  if (first.success) return { target: first.data, missing: new Set(empty) };
  const wrong = new Set(first.error.issues.map(({ path }) => String(path[0])));
  const filled = Object.fromEntries(
    Object.entries(whole)
      .filter(([name]) => !wrong.has(name) || Object.hasOwn(placeholders, name))
      .map(([name, value]) => [name, wrong.has(name) ? placeholders[name] : value]),
  );
  const second = ForwardTarget.safeParse(filled);
  return second.success ? { target: second.data, missing: new Set([...wrong, ...empty]) } : null;
}

import type { z } from "zod";
import { fillWords } from "./fill-words.ts";
import { type RefusalCode, refusals } from "./refusals.ts";

/** What is wrong with a value, by code, with what belongs into its sentence. */
export interface ValueFault {
  readonly reason: RefusalCode;
  readonly values: Readonly<Record<string, string | number>>;
}

type Issue = z.core.$ZodIssue;
type Bounded = Extract<Issue, { code: "too_small" | "too_big" }>;

/** How the library's own words begin; all others are those of a schema. */
const ofLibrary = /^(?:Invalid|Too (?:small|big)|Unrecognized key)/;

const kinds: Readonly<Record<string, RefusalCode>> = {
  string: "needs-text",
  number: "needs-number",
  int: "needs-whole-number",
  boolean: "needs-boolean",
  array: "needs-list",
  object: "needs-object",
  record: "needs-object",
};
const formats: Readonly<Record<string, RefusalCode>> = { url: "no-url", datetime: "no-time" };

/** null: a schema says it in words of its own. */
export function valueFault(issue: Issue): ValueFault | null {
  if (!ofLibrary.test(issue.message)) return null;
  switch (issue.code) {
    case "invalid_type":
      // That nothing is there is told in the sentence only.
      if (issue.message.endsWith("received undefined")) return fault("value-missing");
      return fault(kinds[issue.expected] ?? "no-value");
    case "invalid_format":
      return fault(formats[issue.format] ?? "no-form");
    case "invalid_value":
      return fault("no-choice", { choices: issue.values.map(String).join(", ") });
    case "unrecognized_keys":
      return fault("unknown-members", { names: issue.keys.join(", ") });
    case "too_small":
      return tooSmall(issue);
    case "too_big":
      return tooBig(issue);
    default:
      return fault("no-value");
  }
}

/** The same as a sentence, which follows the name of the field. */
export function valueFaultText(issue: Issue): string {
  const found = valueFault(issue);
  return found === null ? issue.message : fillWords(refusals[found.reason], found.values);
}

const fault = (reason: RefusalCode, values: ValueFault["values"] = {}): ValueFault => ({ reason, values });

function tooSmall({ origin, minimum, inclusive }: Extract<Bounded, { code: "too_small" }>): ValueFault {
  const least = Number(minimum);
  if (origin !== "string" && origin !== "array") return fault(inclusive === false ? "not-above" : "too-low", { least });
  if (least === 1) return fault("is-empty");
  return fault(origin === "string" ? "too-short" : "too-few", { least });
}

function tooBig({ origin, maximum, inclusive }: Extract<Bounded, { code: "too_big" }>): ValueFault {
  const most = Number(maximum);
  if (origin === "string") return fault("too-long", { most });
  if (origin === "array") return fault("too-many", { most });
  return fault(inclusive === false ? "not-below" : "too-high", { most });
}

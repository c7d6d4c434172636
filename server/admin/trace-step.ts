import type { TraceStep } from "../../lib/contracts/trace.ts";
import type { TraceNote } from "../core/trace.ts";
import { timestamp } from "./timestamp.ts";

/** A note of what was decided as a step of the message's way. */
export function stepOf({ what, at, by, outcome, resources }: TraceNote): TraceStep {
  const base = { at: timestamp(at), by, source: "memory" } as const;
  switch (what) {
    case "dropped":
      return { ...base, kind: "dropped", detail: outcome };
    case "kept":
      return { ...base, kind: "kept", detail: null };
    case "given":
      return { ...base, kind: "given", detail: resources.join(", ") };
    default:
      if (outcome === "stored" || outcome === "ignored") return { ...base, kind: outcome, detail: null };
      return { ...base, kind: "refused", detail: outcome };
  }
}

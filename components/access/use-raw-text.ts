"use client";

import { useKept } from "@/components/kit/use-kept.ts";
import type { Policy } from "@/lib/contracts/policy.ts";
import type { PolicyTextError } from "./policy-text.ts";

interface RawText {
  text: string;
  error: PolicyTextError | null;
  /** What it says, where it can be read. */
  result: Policy | null;
}

/** The policy as somebody types it: also what cannot be read yet, which must not get lost when they look at another tab. */
export const useRawText = () => useKept<RawText>("policy text", true);

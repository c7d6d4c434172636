"use client";

import { useState } from "react";
import type { OnlineSession } from "@/lib/contracts/sessions.ts";
import { ratesBetween, type Rates } from "./rates.ts";

/** Answers that follow each other sooner say little of how fast something is. */
const minMs = 2_000;

interface Sample {
  readonly at: number;
  readonly sessions: readonly OnlineSession[];
  readonly rates: ReadonlyMap<string, Rates>;
}

/** How much goes over each session, from one answer of the server to the next; `at`: when it came, ms since the epoch. */
export function useRates(sessions: readonly OnlineSession[] | undefined, at: number): ReadonlyMap<string, Rates> {
  const [sample, setSample] = useState<Sample>({ at: 0, sessions: [], rates: new Map() });
  if (sessions !== undefined && at - sample.at >= minMs)
    setSample({ at, sessions, rates: ratesBetween(sample.sessions, sessions, (at - sample.at) / 1000) });
  return sample.rates;
}

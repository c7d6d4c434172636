import type { DomainPair } from "./negotiation.ts";

/** The pair as one text; a space is in no domain. */
export function pairKey({ local, remote }: DomainPair): string {
  return `${local} ${remote}`;
}

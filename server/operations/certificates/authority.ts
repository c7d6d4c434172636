import { z } from "zod";
import { OrderError } from "./order.ts";

const waitMs = 5_000;
/** RFC 8555 7.1.1, as far as it is asked for. */
const Directory = z.object({
  meta: z.object({ termsOfService: z.url().optional(), caaIdentities: z.array(z.string()).optional() }).optional(),
});

/** What an authority says of itself. */
export interface AuthorityFacts {
  /** Where its terms can be read; null: it has none. */
  readonly terms: string | null;
  /** What CAA records call it (RFC 8659 4.2). */
  readonly caaIdentities: readonly string[];
}

/** Throws OrderError. */
export async function authorityOf(directory: string): Promise<AuthorityFacts> {
  try {
    const response = await fetch(directory, { signal: AbortSignal.timeout(waitMs), redirect: "error" });
    const { meta } = Directory.parse(await response.json());
    return { terms: meta?.termsOfService ?? null, caaIdentities: meta?.caaIdentities ?? [] };
  } catch (cause) {
    throw new OrderError("The directory of the authority does not answer, or is none.", { cause });
  }
}

import { z } from "zod";
import { OrderError } from "./order.ts";

const waitMs = 5_000;
/** RFC 8555 7.1.1, as far as it is asked for. */
const Directory = z.object({ meta: z.object({ termsOfService: z.url().optional() }).optional() });

/** Where the terms of an authority can be read; null: it has none. Throws OrderError. */
export async function termsOf(directory: string): Promise<string | null> {
  try {
    const response = await fetch(directory, { signal: AbortSignal.timeout(waitMs), redirect: "error" });
    return Directory.parse(await response.json()).meta?.termsOfService ?? null;
  } catch (cause) {
    throw new OrderError("The directory of the authority does not answer, or is none.", { cause });
  }
}

import type { Audience } from "../../lib/contracts/announcements.ts";
import type { Core } from "../core/core.ts";
import { Jid } from "../xmpp/jid.ts";
import type { Call } from "./call.ts";
import { sessionsMatching } from "./session-filter.ts";
import { findUsers } from "./user-rows.ts";

const foundAtOnce = 1000;

type Found = Extract<Audience, { readonly kind: "users" | "sessions" }>;

/** Is it for those whom a filter of the console finds? */
export const isFound = (audience: Audience): audience is Found =>
  audience.kind === "users" || audience.kind === "sessions";

/** Whom such an announcement is for now; with a host, only those of it. */
export async function recipientsOf(core: Core, audience: Found, host: string | null, call: Call): Promise<Jid[]> {
  const scope = host === null ? {} : { host };
  if (audience.kind === "sessions") {
    const found = new Map<string, Jid>();
    for (const { bare } of sessionsMatching(core, { ...audience.filter, ...scope }, call)) found.set(bare.bare, bare);
    return [...found.values()];
  }
  const { except, ...filter } = audience.filter;
  const spared = new Set(except.map((jid) => Jid.tryParse(jid)?.bare));
  const found: Jid[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const page = { limit: foundAtOnce, ...(cursor === "" ? {} : { cursor }) };
    const { items, nextCursor }: Awaited<ReturnType<typeof findUsers>> = await findUsers(
      core,
      { ...filter, ...scope },
      page,
      call,
    );
    const now = core.clock.now();
    for (const { local, host: domain, suspended } of items) {
      const jid = Jid.of(local, domain);
      const isSuspended = suspended !== null && (suspended.until ?? Infinity) > now;
      if (!isSuspended && !spared.has(jid.bare)) found.push(jid);
    }
    cursor = nextCursor;
  }
  return found;
}

import type { AccountRow, AnnouncementRow, Stores } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";

/** Whom the next step of an announcement is for. */
export interface Step {
  readonly recipients: readonly Jid[];
  /** Recipients who cannot have it. */
  readonly skipped: number;
  /** Where the step after this one begins; null: this is the last. */
  readonly next: string | null;
}

/** Walks through the recipients of an announcement, from the place that it has come to. */
export async function stepFrom(
  { accounts, announcements }: Pick<Stores, "accounts" | "announcements">,
  { id, host, audience, place }: Pick<AnnouncementRow, "id" | "host" | "audience" | "place">,
  now: number,
  limit: number,
): Promise<Step> {
  if (audience.kind === "accounts") {
    const page = await accounts.list({
      cursor: place ?? undefined,
      limit,
      hosts: host === null ? undefined : [host],
      search: audience.search ?? undefined,
      filter: audience.filter,
    });
    const able = page.items.filter((row) => !isSuspended(row, now));
    const recipients = able.map((row) => Jid.of(row.local, row.host));
    return { recipients, skipped: page.items.length - able.length, next: page.nextCursor };
  }
  const from = place === null ? 0 : Number(place);
  const listed = await announcements.recipients(id, from, limit);
  const recipients = listed.flatMap((jid) => Jid.tryParse(jid) ?? []);
  const next = listed.length < limit ? null : String(from + listed.length);
  return { recipients, skipped: listed.length - recipients.length, next };
}

// They cannot log in to read it.
function isSuspended({ suspended }: AccountRow, now: number): boolean {
  return suspended !== null && (suspended.until === null || suspended.until > now);
}

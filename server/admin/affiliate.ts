import type { z } from "zod";
import type { contract } from "../../lib/contracts/index.ts";
import type { AffiliationChange, RoomService } from "../features/room-services.ts";
import { StanzaError } from "../xmpp/errors.ts";
import { Jid } from "../xmpp/jid.ts";

type Asked = z.infer<NonNullable<(typeof contract.rooms.affiliate)["~orpc"]["inputSchema"]>>["changes"];
/** What somebody is to be to a room. */
export type AffiliationWish = Asked[number];

interface Outcome {
  changed: number;
  readonly failed: { jid: string; reason: string }[];
}

/** Changes who is what to a room: all at once where that works, else one after the other, so that one line spoils no other. */
export async function affiliateSome(service: RoomService, room: Jid, asked: Asked): Promise<Outcome> {
  const outcome: Outcome = { changed: 0, failed: [] };
  const changes: AffiliationChange[] = [];
  for (const { jid: text, affiliation: to, nick, reason } of asked) {
    const jid = Jid.tryParse(text);
    if (jid === undefined || jid.resource !== "") outcome.failed.push({ jid: text, reason: "not an address" });
    else changes.push({ jid, to, nick, reason });
  }
  if (changes.length === 0) return outcome;
  const refusal = await attempt(service, room, changes);
  if (refusal === null) return { ...outcome, changed: changes.length };
  for (const change of changes) {
    const reason = changes.length === 1 ? refusal : await attempt(service, room, [change]);
    if (reason === null) outcome.changed += 1;
    else outcome.failed.push({ jid: change.jid.bare, reason });
  }
  return outcome;
}

/** null: done; else why it was refused. */
async function attempt(service: RoomService, room: Jid, changes: readonly AffiliationChange[]): Promise<string | null> {
  try {
    return (await service.affiliate(room.local, changes)) ? null : "the room is gone";
  } catch (error) {
    if (!(error instanceof StanzaError)) throw error;
    return error.text ?? error.condition;
  }
}

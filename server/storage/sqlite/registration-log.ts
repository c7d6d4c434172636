import type { RegistrationDecisionRow } from "../ports.ts";
import { change, insert, query, type Connection } from "./connection.ts";

/** Decisions and the networks they throttle, as whoever decides writes them in a transaction of its own. */
export interface RegistrationLog {
  lastFrom(network: string): number | null;
  noteNetwork(network: string, at: number): void;
  append(decision: Omit<RegistrationDecisionRow, "id">): number;
}

export function registrationLogOn({ db, news }: Connection): RegistrationLog {
  const noted = query<{ at: number }>(db, "SELECT at FROM registration_network WHERE network = ?");
  const note = change(db, "INSERT OR REPLACE INTO registration_network (network, at) VALUES (?, ?)");
  const insertDecision = insert(
    db,
    `INSERT INTO registration_decision (at, host, jid, address, source, allowed, code, line, retry_after_seconds)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return {
    lastFrom: (network) => noted.get(network)?.at ?? null,
    noteNetwork: (network, at) => {
      note(network, at);
    },
    append: (decision) => {
      const { at, host, jid, address, source, allowed, code, line, retryAfterSeconds } = decision;
      const id = insertDecision(at, host, jid, address, source, Number(allowed), code, line, retryAfterSeconds);
      const row = { id, at, host, jid, address, source, allowed, code, line, retryAfterSeconds };
      if (news.isFollowed) news.feed.push({ feed: "registration", id, decision: row });
      return id;
    },
  };
}

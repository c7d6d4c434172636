import type { Jid } from "../xmpp/jid.ts";
import type { Admin } from "./parts.ts";

/** Ends an account's console sessions, except the one named. Answers how many. */
export async function endConsoleSessions(
  { core, callers, events }: Pick<Admin, "core" | "callers" | "events">,
  jid: Jid,
  except: string | null,
): Promise<number> {
  const { admin } = core.stores;
  const ended = (await admin.sessions(jid.bare)).filter((session) => session.id !== except);
  for (const { id } of ended) await admin.removeSession(id);
  callers.forget();
  if (ended.length > 0) events.publish("console-sessions", jid.bare);
  return ended.length;
}

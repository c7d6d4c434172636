import type { Sessions } from "../core/sessions.ts";
import { StreamError, type StreamCondition } from "../xmpp/errors.ts";

/** Closes every stream of a host, some at a time, so that others are served in between. */
export async function endSessionsOf(sessions: Sessions, host: string, condition: StreamCondition): Promise<void> {
  const affected = [...sessions.all()].filter((session) => session.host.name === host);
  for (let start = 0; start < affected.length; start += 200) {
    for (const session of affected.slice(start, start + 200)) session.close(new StreamError(condition));
    await new Promise(setImmediate);
  }
}

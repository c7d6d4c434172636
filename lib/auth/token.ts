import { getToken } from "next-auth/jwt";
import type { NextRequest } from "next/server";
import { sessionCookie } from "./session-cookie.ts";

export interface ConsoleToken {
  /** Id of the session that the server keeps; ends with it. */
  sid: string;
  /** Bare JID. */
  jid: string;
}

/** The console's token when the request carries a valid one. Never throws: whatever cannot be read is no token. */
export async function readConsoleToken(request: NextRequest): Promise<ConsoleToken | undefined> {
  const secret = process.env["NEXTAUTH_SECRET"];
  if (!secret) return undefined;
  try {
    const token = await getToken({ req: request, cookieName: sessionCookie, secureCookie: false, secret });
    const { sid, jid } = token ?? {};
    return typeof sid === "string" && typeof jid === "string" ? { sid, jid } : undefined;
  } catch {
    return undefined;
  }
}

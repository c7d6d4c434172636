"use client";

import { client } from "@/lib/api/client.ts";
import { forgetKept } from "@/lib/format/kept.ts";

/** Ends the session on the server, drops the cookie, and leaves with a full load so that no data stays in memory. */
export function useSignOut(): () => void {
  return () => {
    void (async () => {
      await client.auth.logout().catch(() => undefined);
      // What logs in and out is needed at the ends of a session only.
      await import("@/lib/auth/sign-in.ts").then(({ signOut }) => signOut()).catch(() => undefined);
      forgetKept();
      location.assign("/admin/login");
    })();
  };
}

"use client";

import { client } from "@/lib/api/client.ts";
import { signOut } from "@/lib/auth/sign-in.ts";

/** Ends the session on the server, drops the cookie, and leaves with a full load so that no data stays in memory. */
export function useSignOut(): () => void {
  return () => {
    void (async () => {
      await client.auth.logout().catch(() => undefined);
      await signOut().catch(() => undefined);
      location.assign("/admin/login");
    })();
  };
}

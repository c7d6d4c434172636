import type { MadeInvite } from "@/lib/contracts/invites.ts";

/** One line for each invite (RFC 4180); nothing in it is free text, so nothing has to be quoted. */
export function invitesCsv(invites: readonly MadeInvite[]): string {
  const lines = invites.map(({ id, host, url, uri, maxUses, expiresAt }) =>
    [id, host, url ?? "", uri ?? "", maxUses, expiresAt].join(","),
  );
  return ["id,host,link,uri,uses,expires", ...lines, ""].join("\r\n");
}

import type { MadeInvite } from "@/lib/contracts/invites.ts";

/** One line for each invite (RFC 4180); nothing in it is free text, so nothing has to be quoted. Names stand in a row. */
export function invitesCsv(invites: readonly MadeInvite[]): string {
  const lines = invites.map(({ id, host, url, uri, maxUses, expiresAt, role, groups, tags }) =>
    [
      ...[id, host, url ?? "", uri ?? "", maxUses, expiresAt],
      ...[role?.name ?? "", role?.host ?? "", groups.join(" "), tags.join(" ")],
    ].join(","),
  );
  return ["id,host,link,uri,uses,expires,role,role host,groups,tags", ...lines, ""].join("\r\n");
}

import type { NewInvites } from "@/lib/contracts/invites.ts";
import { commandLine } from "@/lib/format/shell.ts";

/** The command that makes the same invites. */
export function createCommand(invites: Partial<NewInvites> & Pick<NewInvites, "host">): string {
  const {
    host,
    kind,
    local,
    inviter,
    maxUses = 1,
    count = 1,
    expireSeconds,
    note,
    role,
    groups = [],
    tags = [],
  } = invites;
  const options: [string, string | number | undefined][] = [
    ["--user", local],
    ["--inviter", kind === "contact" ? undefined : inviter],
    ["--uses", maxUses === 1 ? undefined : maxUses],
    ["--count", count === 1 ? undefined : count],
    ["--expire", expireSeconds],
    ["--note", note],
    ["--role", role?.name],
    ["--role-host", role?.host],
  ];
  const lists: [string, string[]][] = [
    ["--groups", groups],
    ["--tags", tags],
  ];
  return commandLine(
    ...["nightpost", "invite"],
    ...(kind === "contact" ? ["contact", inviter ?? `USER@${host}`] : ["create", host || "HOST"]),
    ...options.flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)])),
    ...lists.flatMap(([name, values]) => (values.length === 0 ? [] : [name, ...values])),
  );
}

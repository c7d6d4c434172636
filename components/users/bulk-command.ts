import type { UserAction, UserSelection } from "@/lib/contracts/users.ts";
import { commandLine } from "@/lib/format/shell.ts";

/** All that a filter finds, but for some. */
export type Matching = Partial<UserSelection>;

const names: Record<UserAction, string> = {
  suspend: "suspend",
  resume: "resume",
  "end-sessions": "kick",
  "expire-password": "expire-passwords",
  delete: "delete",
};

/** The command that does the same. */
export function bulkCommand(
  action: UserAction,
  { host, search, filter = "all", createdDays, idleDays, minMessages, via, except = [] }: Matching,
  { reason, until }: { reason: string; until: string | null },
): string {
  const options: (readonly [name: string, value: string | number | undefined])[] = [
    ["--matching", search],
    ["--host", host],
    ["--filter", filter === "all" ? undefined : filter],
    ["--idle", idleDays],
    ["--created", createdDays],
    ["--queued", minMessages],
    ["--via", via],
  ];
  const given = options.flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]));
  return commandLine(
    ...["nightpost", "users", names[action]],
    ...(given.length === 0 ? ["--all"] : given),
    ...(except.length === 0 ? [] : ["--except", ...except]),
    ...(reason === "" ? [] : ["--reason", reason]),
    ...(until === null ? [] : ["--until", until]),
  );
}

import type { UserAction, UserSelection } from "@/lib/contracts/users.ts";
import { commandLine } from "@/lib/format/shell.ts";

/** All that a filter finds, but for some. */
export type Matching = Partial<UserSelection>;

const names: Record<UserAction, string> = {
  suspend: "suspend",
  resume: "resume",
  "end-sessions": "kick",
  "expire-password": "expire-passwords",
  tag: "tag",
  untag: "untag",
  delete: "delete",
};

/** Fields that the command calls by another name. */
const optionOf = new Map([
  ["idleDays", "idle"],
  ["createdDays", "created"],
  ["minMessages", "queued"],
]);

/** The command that does the same. */
export function bulkCommand(
  action: UserAction,
  matching: Matching,
  { reason, until, word }: { reason: string; until: string | null; word: string },
): string {
  return commandLine(
    ...["nightpost", "users", names[action]],
    ...(word === "" ? [] : [word]),
    ...userOptions(matching),
    ...(reason === "" ? [] : ["--reason", reason]),
    ...(until === null ? [] : ["--until", until]),
  );
}

/** The options of commands for the accounts that a filter finds. */
export function userOptions(matching: Matching): string[] {
  const {
    host,
    search,
    filter = "all",
    createdSince,
    createdDays,
    idleDays,
    minMessages,
    via,
    tag,
    not,
    only = [],
  } = matching;
  const { except = [] } = matching;
  const options: (readonly [name: string, value: string | number | undefined])[] = [
    ["--matching", search],
    ["--host", host],
    ["--filter", filter === "all" ? undefined : filter],
    ["--idle", idleDays],
    ["--created-since", createdSince],
    ["--created", createdDays],
    ["--queued", minMessages],
    ["--via", via],
    ["--tag", tag],
    [
      "--not",
      not
        ?.split(",")
        .map((field) => optionOf.get(field) ?? field)
        .join(","),
    ],
  ];
  const given = options.flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]));
  return [
    ...(given.length === 0 && only.length === 0 ? ["--all"] : given),
    ...(only.length === 0 ? [] : ["--only", ...only]),
    ...(except.length === 0 ? [] : ["--except", ...except]),
  ];
}

import type { SessionFilter } from "@/lib/contracts/sessions.ts";

/** The options of commands for the sessions that a filter finds. */
export function sessionOptions({
  host,
  search,
  transport,
  idleMinutes,
  hibernating,
  not = "",
}: SessionFilter): string[] {
  const turned = not.split(",");
  const isHibernating = (hibernating === "yes") !== turned.includes("hibernating");
  const names = turned.flatMap((field) => optionOf.get(field) ?? []);
  const given = [
    ...(host ? ["--host", host] : []),
    ...(search ? ["--matching", search] : []),
    ...(transport ? ["--transport", transport] : []),
    ...(idleMinutes ? ["--idle", String(idleMinutes)] : []),
    ...(hibernating ? [isHibernating ? "--hibernating" : "--connected"] : []),
    ...(names.length === 0 ? [] : ["--not", names.join(",")]),
  ];
  return given.length === 0 ? ["--all"] : given;
}

/** Fields that the command turns round by name. */
const optionOf = new Map([
  ["transport", "transport"],
  ["idleMinutes", "idle"],
]);

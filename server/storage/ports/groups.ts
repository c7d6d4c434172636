/** Who is in a group: those listed, all accounts of its host, or those of them who are online. */
export type GroupMembership = "listed" | "everybody" | "online";

/** A group of accounts of a host whose members are shown in the rosters of others. */
export interface GroupRow {
  readonly host: string;
  /** Unique on its host; it names the group to admins. */
  readonly name: string;
  /** What it is called in rosters. */
  readonly label: string;
  readonly description: string;
  readonly members: GroupMembership;
  /** Groups of the host whose members the members of this one see. */
  readonly displays: readonly string[];
}

export interface GroupSummary extends GroupRow {
  /** Accounts that are listed as members. */
  readonly listed: number;
}

/** Shared roster groups. */
export interface Groups {
  /** Ordered by name. */
  list(host: string): Promise<readonly GroupSummary[]>;
  find(host: string, name: string): Promise<GroupSummary | null>;
  /** Adds a group, or changes one. `exists`, `unknown`: nothing was done, there is one already, or none to change. */
  put(group: GroupRow, is: "new" | "known", maxGroups: number): Promise<"done" | "exists" | "unknown" | "too-many">;
  remove(host: string, name: string): Promise<boolean>;
  /** Local parts of the listed members, ordered, that come after `after`. */
  members(host: string, name: string, after: string, limit: number): Promise<readonly string[]>;
  /** Lists accounts as members and takes others off; those that are unknown are left out. null: there is no such group. */
  change(
    host: string,
    name: string,
    add: readonly string[],
    remove: readonly string[],
    maxMembers: number,
  ): Promise<{ readonly added: number; readonly removed: number } | "too-many" | null>;
}

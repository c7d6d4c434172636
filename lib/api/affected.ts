import type { QueryKey } from "@tanstack/react-query";
import type { Contract } from "../contracts/index.ts";
import type { Resource } from "../contracts/events.ts";

type Entity = keyof Contract;

const all = (...entities: Entity[]): QueryKey[] => entities.map((entity) => [[entity]]);

const byEntity: Record<Entity, QueryKey[]> = {
  server: all("server"),
  setup: all("server", "setup"),
  auth: all("auth"),
  hosts: all("hosts", "policy", "server"),
  users: all("users", "hosts", "sessions"),
  sessions: all("sessions", "users"),
  policy: all("policy", "registration", "hosts", "users", "forward"),
  registration: all("registration", "policy", "hosts"),
  invites: all("invites"),
  forward: all("forward", "policy", "server"),
  devices: all("devices", "forward"),
  keys: all("keys"),
  audit: all("audit"),
};

const byResource: Record<Resource, QueryKey[]> = {
  hosts: all("hosts"),
  users: all("users", "hosts"),
  sessions: [[["sessions"]], [["users", "list"]], [["users", "get"]]],
  policy: all("policy", "registration"),
  registration: [[["registration", "get"]]],
  targets: [[["forward", "targets"]], [["forward", "rules"]]],
  devices: all("devices"),
  invites: all("invites"),
  keys: all("keys"),
  "console-sessions": [[["auth", "sessions"]]],
};

/** Keys of the queries to read again after a verb of this entity has changed something. */
export const affectedByVerb = (path: readonly string[]): QueryKey[] =>
  Object.hasOwn(byEntity, path[0] ?? "") ? byEntity[path[0] as Entity] : [];

/** Keys of the queries to read again when the server says that a resource changed. */
export const affectedByResource = (resource: Resource): QueryKey[] => byResource[resource];

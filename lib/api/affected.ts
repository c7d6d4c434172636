import type { QueryKey } from "@tanstack/react-query";
import type { Resource } from "../contracts/events.ts";
import type { Contract } from "../contracts/index.ts";

type Entity = keyof Contract;

const all = (...entities: Entity[]): QueryKey[] => entities.map((entity) => [[entity]]);

/** What the console calls itself is told there. */
const status: QueryKey = [["server", "status"]];

const byEntity: Record<Entity, QueryKey[]> = {
  server: all("server"),
  setup: all("server", "setup"),
  auth: all("auth"),
  hosts: all("hosts", "policy", "server"),
  users: all("users", "hosts", "sessions", "jobs"),
  sessions: all("sessions", "users", "jobs"),
  offline: all("offline", "users", "forward", "jobs"),
  rooms: all("rooms", "jobs"),
  uploads: all("uploads"),
  components: all("components", "policy"),
  links: all("links"),
  announcements: all("announcements"),
  alerts: all("alerts", "policy"),
  groups: all("groups"),
  reports: all("reports", "server"),
  portability: all("users", "hosts"),
  policy: all("policy", "registration", "hosts", "users", "forward"),
  registration: all("registration", "policy", "hosts", "users"),
  invites: all("invites"),
  forward: all("forward", "policy", "server", "jobs"),
  devices: all("devices", "forward"),
  trace: all("trace"),
  modules: all("modules", "policy", "server"),
  stanzas: all("stanzas"),
  log: [[["log", "levels"]]],
  keys: all("keys"),
  metrics: all("metrics"),
  certificates: all("certificates", "hosts", "server", "policy"),
  backups: all("backups", "server", "policy"),
  doctor: all("doctor"),
  audit: all("audit"),
  factors: all("factors", "auth"),
  roles: [...all("roles", "policy", "auth"), status],
  views: all("views"),
  exports: [],
  jobs: all("jobs"),
};

const byResource: Record<Resource, QueryKey[]> = {
  certificates: all("certificates", "hosts"),
  backups: all("backups"),
  hosts: all("hosts", "server"),
  users: all("users", "hosts", "server"),
  sessions: [[["sessions"]], [["users", "list"]], [["users", "get"]], [["users", "clients"]]],
  policy: [...all("policy", "registration", "modules", "roles", "auth", "alerts"), status],
  registration: (["get", "applications", "passes"] as const).map((verb) => [["registration", verb]]),
  targets: [[["forward", "targets"]], [["forward", "rules"]], [["server"]]],
  devices: all("devices"),
  invites: all("invites"),
  offline: all("offline"),
  modules: all("modules"),
  log: [[["log", "levels"]]],
  announcements: all("announcements"),
  groups: all("groups"),
  reports: all("reports", "server"),
  // Not what was said: each reading of that is a row of the audit log.
  rooms: (["list", "get", "occupants", "affiliations", "ofUser"] as const).map((verb) => [["rooms", verb]]),
  uploads: all("uploads"),
  components: all("components"),
  links: all("links"),
  keys: all("keys"),
  "console-sessions": all("auth", "factors"),
  views: all("views"),
};

/** Keys of the queries to read again after a verb of this entity has changed something. */
export const affectedByVerb = (path: readonly string[]): QueryKey[] =>
  Object.hasOwn(byEntity, path[0] ?? "") ? byEntity[path[0] as Entity] : [];

/** Keys of the queries to read again when the server says that a resource changed. */
export const affectedByResource = (resource: Resource): QueryKey[] => byResource[resource];

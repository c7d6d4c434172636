import type { Permission } from "../../lib/contracts/endpoint.ts";
import type { Resource, Topic } from "../../lib/contracts/events.ts";
import { hostsFor } from "../../lib/contracts/may.ts";
import type { Caller } from "./caller.ts";

/** What it takes to follow a topic; null: being signed in. */
const topicPermission: Record<Topic, Permission | null> = {
  forward: "forward:read",
  registration: "policy:read",
  audit: "audit:read",
  changed: null,
  overview: "server:read",
  metrics: "server:read",
  log: "log:read",
  stanzas: "stanzas:inspect",
};

/** What it takes to be told that a resource has changed. */
export const resourcePermission: Record<Resource, Permission | null> = {
  hosts: "hosts:read",
  users: "users:read",
  sessions: "sessions:read",
  policy: "policy:read",
  registration: "policy:read",
  targets: "forward:read",
  devices: "devices:read",
  invites: "users:read",
  announcements: "announcements:read",
  groups: "groups:read",
  reports: "reports:read",
  offline: "offline:read",
  modules: "policy:read",
  log: "log:read",
  rooms: "rooms:read",
  uploads: "uploads:read",
  components: "components:read",
  links: "links:read",
  keys: "keys:write",
  "console-sessions": null,
  views: null,
  certificates: "server:read",
  backups: "server:read",
};

// Feeds whose rows name their host; the others are for those who may see everything.
const byHost: ReadonlySet<Topic> = new Set<Topic>(["forward", "registration", "changed", "stanzas"]);

/** The hosts whose events a caller is shown; null: all. */
export function hostsOfTopic(topic: Topic, { grants, hosts }: Caller): readonly string[] | null {
  const permission = topicPermission[topic];
  return permission === null ? hosts : hostsFor(grants, permission);
}

/** Why a caller may not follow a topic; null: they may. */
export function refusal(topic: Topic, caller: Caller): string | null {
  const hosts = hostsOfTopic(topic, caller);
  if (hosts === null || topicPermission[topic] === null) return null;
  if (hosts.length === 0) return `The topic ${topic} needs the permission ${topicPermission[topic]}.`;
  return byHost.has(topic) ? null : `The topic ${topic} concerns all hosts.`;
}

import { z } from "zod";
import { Finding } from "./doctor.ts";
import { Done, endpoint, HostName, Timestamp } from "./endpoint.ts";
import { HostPolicy, Name, PolicyChange, PolicyIssue, Revision } from "./policy.ts";
import { RegistrationMode } from "./registration-policy.ts";

export const HostSummary = z.object({
  host: HostName,
  enabled: z.boolean(),
  drainUntil: Timestamp.nullable().describe(
    "It takes no new sessions and is switched off then; null: it is not drained.",
  ),
  users: z.int(),
  online: z.int(),
  links: z.int().describe("Links with other servers, either way."),
  offlineMessages: z.int(),
  registration: RegistrationMode,
  overrides: z.int().describe("How many settings differ from the defaults."),
  certificate: z
    .object({ subject: z.string(), notAfter: Timestamp, selfSigned: z.boolean(), covers: z.boolean() })
    .nullable(),
});
export type HostSummary = z.infer<typeof HostSummary>;

/** What a host can have otherwise than the defaults. */
export const HostSettingKind = z.enum(["registration", "module", "acl", "access-rule"]);
export type HostSettingKind = z.infer<typeof HostSettingKind>;

export const HostSetting = z.object({
  kind: HostSettingKind,
  name: z.string().describe("Empty for the registration policy, of which there is one."),
  isOwn: z.boolean().describe("false: it is as the defaults are."),
  isAdded: z.boolean().describe("What the host has of its own comes after the default; otherwise it takes its place."),
  effective: z.unknown().describe("What holds on the host."),
  changes: z.array(PolicyChange).describe("How that differs from the default, by place."),
});
export type HostSetting = z.infer<typeof HostSetting>;

const ofHost = { permission: "hosts:read", host: "host" } as const;

export const hosts = {
  list: endpoint("GET", "/hosts", { permission: "hosts:read", filtered: true }, "Virtual hosts").output(
    z.object({ items: z.array(HostSummary) }),
  ),
  get: endpoint("GET", "/hosts/{host}", { permission: "hosts:read", host: "host" }, "One host")
    .input(z.object({ host: HostName }))
    .output(HostSummary.extend({ policy: HostPolicy, rooms: z.int().describe("Rooms of its services.") })),
  settings: endpoint(
    "GET",
    "/hosts/{host}/settings",
    ofHost,
    "Every setting that a host inherits or has of its own, and how it differs from the default",
  )
    .input(z.object({ host: HostName }))
    .output(z.object({ items: z.array(HostSetting) })),
  resetSetting: endpoint(
    "DELETE",
    "/hosts/{host}/settings/{kind}",
    { permission: "policy:write", audit: "host.reset-setting", host: "host" },
    "Take away what a host has of its own: the default holds again",
  )
    .input(z.object({ host: HostName, kind: HostSettingKind, name: Name.optional() }))
    .output(z.object({ revision: Revision, issues: z.array(PolicyIssue) })),
  names: endpoint("GET", "/hosts/{host}/names", ofHost, "What the DNS says of a host: addresses and SRV records")
    .input(z.object({ host: HostName }))
    .output(z.object({ findings: z.array(Finding) })),
  add: endpoint("POST", "/hosts", { permission: "hosts:write", audit: "host.add" }, "Serve another virtual host")
    .input(
      z.object({
        host: HostName,
        like: HostName.optional().describe("A host whose own settings it begins with; without one: the defaults."),
      }),
    )
    .output(HostSummary),
  update: endpoint(
    "PATCH",
    "/hosts/{host}",
    { permission: "hosts:write", audit: "host.update", host: "host" },
    "Enable or disable a host",
  )
    .input(z.object({ host: HostName, enabled: z.boolean() }))
    .output(HostSummary),
  drain: endpoint(
    "POST",
    "/hosts/{host}/drain",
    { permission: "hosts:write", audit: "host.drain", host: "host" },
    "Take no new sessions, and switch the host off in some minutes, also if the server is started anew meanwhile",
  )
    .input(z.object({ host: HostName, minutes: z.int().min(1).max(1440) }))
    .output(HostSummary),
  stopDraining: endpoint(
    "DELETE",
    "/hosts/{host}/drain",
    { permission: "hosts:write", audit: "host.stop-draining", host: "host" },
    "Take new sessions again, and leave the host on",
  )
    .input(z.object({ host: HostName }))
    .output(HostSummary),
  remove: endpoint(
    "DELETE",
    "/hosts/{host}",
    { permission: "hosts:write", audit: "host.remove", host: "host" },
    "Remove a host with its accounts and everything they own",
  )
    .input(z.object({ host: HostName, confirm: HostName.describe("The host's name once more.") }))
    .output(Done),
};

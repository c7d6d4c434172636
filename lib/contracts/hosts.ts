import { z } from "zod";
import { Done, endpoint, HostName, Timestamp } from "./endpoint.ts";
import { HostPolicy } from "./policy.ts";
import { RegistrationMode } from "./registration-policy.ts";

export const HostSummary = z.object({
  host: HostName,
  enabled: z.boolean(),
  users: z.int(),
  online: z.int(),
  offlineMessages: z.int(),
  registration: RegistrationMode,
  overrides: z.int().describe("How many settings differ from the defaults."),
  certificate: z
    .object({ subject: z.string(), notAfter: Timestamp, selfSigned: z.boolean(), covers: z.boolean() })
    .nullable(),
});
export type HostSummary = z.infer<typeof HostSummary>;

export const hosts = {
  list: endpoint("GET", "/hosts", { permission: "hosts:read", filtered: true }, "Virtual hosts").output(
    z.object({ items: z.array(HostSummary) }),
  ),
  get: endpoint("GET", "/hosts/{host}", { permission: "hosts:read", host: "host" }, "One host")
    .input(z.object({ host: HostName }))
    .output(HostSummary.extend({ policy: HostPolicy })),
  add: endpoint("POST", "/hosts", { permission: "hosts:write", audit: "host.add" }, "Serve another virtual host")
    .input(z.object({ host: HostName }))
    .output(HostSummary),
  update: endpoint(
    "PATCH",
    "/hosts/{host}",
    { permission: "hosts:write", audit: "host.update", host: "host" },
    "Enable or disable a host",
  )
    .input(z.object({ host: HostName, enabled: z.boolean() }))
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

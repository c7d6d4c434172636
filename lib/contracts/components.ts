import { z } from "zod";
import { Delegations, Privileges } from "./component-rights.ts";
import { Done, endpoint, HostName, secret, Timestamp } from "./endpoint.ts";
import { Revision } from "./policy.ts";

const Traffic = z.object({ stanzas: z.int(), bytes: z.int() });

/** An external component (XEP-0114): a domain that a program beside the server serves. */
export const ExternalComponent = z.object({
  domain: HostName,
  host: HostName.describe("the virtual host that it belongs to"),
  name: z.string(),
  isForAllHosts: z.boolean().describe("It is declared once, for all hosts."),
  access: z.string().nullable().describe("access rule for whoever sends it something; null: everybody"),
  secretFrom: z.enum(["store", "file"]),
  privileges: Privileges,
  delegations: Delegations,
  connection: z
    .object({
      address: z.string(),
      since: Timestamp,
      received: Traffic.describe("from it"),
      sent: Traffic.describe("to it"),
    })
    .nullable()
    .describe("null: it is not connected"),
  lastSeenAt: Timestamp.nullable().describe("when its last connection ended, since the server started"),
});
export type ExternalComponent = z.infer<typeof ExternalComponent>;

const Domain = z.object({ domain: HostName });
const read = { permission: "components:read", filtered: true } as const;
const write = (audit: string) => ({ permission: "components:write", audit }) as const;
const Comment = z.string().max(1000).default("");
const MadeSecret = z.string().describe("what it proves to know; never shown again");

export const components = {
  list: endpoint("GET", "/components", read, "External components, connected or not").output(
    z.object({
      items: z.array(ExternalComponent),
      listener: z
        .object({ address: z.string(), port: z.int() })
        .nullable()
        .describe("null: `component.port` is not set"),
    }),
  ),
  add: endpoint(
    "POST",
    "/components",
    write("component.add"),
    "Declare a component of a host; without a secret one is made",
  )
    .input(
      z.object({
        host: HostName,
        domain: z.string().min(1).max(1023).describe("such as `irc.example.org`; `@HOST@` stands for the host"),
        name: z.string().max(200).default(""),
        access: z.string().min(1).max(200).nullable().default(null),
        secret: secret(z.string().min(16).max(1023)).optional(),
        privileges: Privileges.optional(),
        delegations: Delegations.optional(),
        comment: Comment,
      }),
    )
    .output(z.object({ revision: Revision, secret: MadeSecret.nullable().describe("null: it was given") })),
  remove: endpoint(
    "DELETE",
    "/components/{domain}",
    write("component.remove"),
    "Take a component away; its stream ends",
  )
    .input(Domain.extend({ comment: Comment }))
    .output(z.object({ revision: Revision })),
  rotateSecret: endpoint(
    "POST",
    "/components/{domain}/secret",
    write("component.rotate-secret"),
    "Make a new secret, shown once; the one before is worth nothing at once",
  )
    .input(Domain)
    .output(z.object({ revision: Revision, secret: MadeSecret })),
  setRights: endpoint(
    "PUT",
    "/components/{domain}/rights",
    write("component.set-rights"),
    "Set what a component may do in the name of accounts, and what it answers in the server's place; it connects anew",
  )
    .input(
      Domain.extend({
        privileges: Privileges.prefault({}),
        delegations: Delegations.default([]),
        comment: Comment,
      }),
    )
    .output(z.object({ revision: Revision })),
  disconnect: endpoint(
    "POST",
    "/components/{domain}/disconnect",
    write("component.disconnect"),
    "End a component's stream; it may come back",
  )
    .input(Domain)
    .output(Done),
};

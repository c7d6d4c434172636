import { z } from "zod";
import { endpoint, HostName, Timestamp } from "./endpoint.ts";
import { ModuleSetting, Name, PolicyChange, PolicyIssue, Revision } from "./policy.ts";

/** What a running module has registered with its host. */
export const Registered = z.object({
  hooks: z.int(),
  iqs: z.int(),
  features: z.int(),
  streamFeatures: z.int(),
  commands: z.int(),
  timers: z.int(),
  services: z.array(z.string()).describe("domains that it serves"),
});
export type Registered = z.infer<typeof Registered>;

/** A module on one host. */
export const ModuleOnHost = z.object({
  host: HostName,
  enabled: z.boolean(),
  inherited: z.boolean().describe("the host says nothing of its own: the setting for all hosts counts"),
  options: z.unknown().describe("as they are set; what is left out has its default"),
  error: z.string().nullable().describe("why it does not run although it is enabled"),
  running: z.object({ since: Timestamp, registered: Registered }).nullable(),
  faults: z.object({ warnings: z.int(), errors: z.int() }).describe("that it has logged since the server started"),
});
export type ModuleOnHost = z.infer<typeof ModuleOnHost>;

/** What is told of a module in the list and on its page. */
const ModuleFacts = z.object({
  name: z.string(),
  summary: z.string(),
  source: z.enum(["built-in", "operator"]),
  xeps: z.array(
    z.object({ number: z.int(), version: z.string(), status: z.enum(["complete", "partial"]), note: z.string() }),
  ),
  rfcs: z.array(z.string()),
  requires: z.array(z.string()),
  hasOptions: z.boolean(),
  setting: ModuleSetting.nullable().describe("for all hosts; null: what the module says of itself"),
  enabledByDefault: z.boolean(),
});

export const Module = ModuleFacts.extend({ hosts: z.array(ModuleOnHost) });
export type Module = z.infer<typeof Module>;

/** A module over the hosts that were asked for, counted: there may be thousands. */
export const ModuleSummary = ModuleFacts.extend({
  hosts: z
    .object({ runs: z.int(), off: z.int(), failed: z.int(), own: z.int().describe("with a setting of their own") })
    .describe("how many"),
  faults: z.object({ warnings: z.int(), errors: z.int() }).describe("that it has logged since the server started"),
});
export type ModuleSummary = z.infer<typeof ModuleSummary>;

/** A handler of a hook, in the order in which they run. */
export const HookHandler = z.object({
  module: z.string(),
  priority: z.int(),
  calls: z.int(),
  errors: z.int(),
  p95Us: z.number().nullable().describe("microseconds that 95 of 100 calls stay below; null: none was timed yet"),
});

export const HookChain = z.object({ hook: z.string(), handlers: z.array(HookHandler) });
export type HookChain = z.infer<typeof HookChain>;

const read = { permission: "policy:read" } as const;
const write = (audit: string) => ({ permission: "policy:write", audit }) as const;
const Scoped = z.object({ name: Name, host: HostName.optional().describe("left out: for all hosts") });

export const modules = {
  list: endpoint("GET", "/modules", read, "Modules, and on how many hosts each runs")
    .input(z.object({ host: HostName.optional().describe("only there") }))
    .output(z.object({ items: z.array(ModuleSummary) })),
  get: endpoint(
    "GET",
    "/modules/{name}",
    read,
    "One module, with the schema of its options and the hooks that it takes part in",
  )
    .input(
      z.object({ name: Name, host: HostName.optional().describe("whose hooks; left out: of one that it runs on") }),
    )
    .output(
      Module.extend({
        options: z.unknown().describe("JSON Schema of the options"),
        hooks: z.array(z.object({ host: HostName, chains: z.array(HookChain) })),
        revision: Revision,
      }),
    ),
  hooks: endpoint("GET", "/hooks/{host}", read, "The hooks of a host with their handlers")
    .input(z.object({ host: HostName }))
    .output(z.object({ items: z.array(HookChain) })),
  check: endpoint("POST", "/modules/{name}/check", read, "Check a setting: issues and diff, nothing is changed")
    .input(Scoped.extend({ setting: ModuleSetting.nullable() }))
    .output(z.object({ issues: z.array(PolicyIssue), changes: z.array(PolicyChange) })),
  set: endpoint(
    "PUT",
    "/modules/{name}",
    write("module.set"),
    "Switch or configure a module, for all hosts or one (null: inherit again)",
  )
    .input(
      Scoped.extend({
        setting: ModuleSetting.nullable(),
        /** Refused with `conflict` when the policy in force has another revision by now. */
        baseRevision: z.int().optional(),
        comment: z.string().max(1000).default(""),
      }),
    )
    .output(z.object({ revision: Revision, changes: z.array(PolicyChange) })),
  restart: endpoint(
    "POST",
    "/modules/{name}/restart",
    { ...write("module.restart"), host: "host" },
    "Stop a module on a host and start it again; says what it dropped",
  )
    .input(z.object({ name: Name, host: HostName }))
    .output(
      z.object({
        dropped: Registered.nullable().describe("null: it was not running"),
        tookMs: z.number(),
        error: z.string().nullable().describe("why it does not run now"),
      }),
    ),
};

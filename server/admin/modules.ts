import { z } from "zod";
import type { contract } from "../../lib/contracts/index.ts";
import type { HookChain, Module, ModuleSummary } from "../../lib/contracts/modules.ts";
import type { ModuleSetting, Policy } from "../../lib/contracts/policy.ts";
import type { Host } from "../core/host.ts";
import type { ModuleDefinition } from "../core/module.ts";
import { own } from "../core/policy/engine.ts";
import type { Registered } from "../core/registrations.ts";
import { hostName, requireHost } from "./address.ts";
import { refused } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { put } from "./records.ts";
import { revise, revisionOf } from "./revise.ts";
import { timestamp } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

/** What the server is made of: modules with their state, options and handlers. */
export function modules(admin: Admin): Verbs<typeof contract.modules> {
  const { core, loader } = admin;
  const { policy } = core;

  const describe = (definition: ModuleDefinition): Omit<Module, "hosts"> => {
    const { name, summary, xeps, rfcs = [], requires = [], enabledByDefault = true, options } = definition;
    return {
      name,
      summary,
      source: loader.isFromOperator(name) ? "operator" : "built-in",
      xeps: xeps.map(({ number, version, status = "complete", note = "" }) => ({ number, version, status, note })),
      rfcs: [...rfcs],
      requires: [...requires],
      hasOptions: !(options instanceof z.ZodObject) || Object.keys(options.shape).length > 0,
      setting: own(policy.document.modules, name) ?? null,
      enabledByDefault,
    };
  };

  const summarize = (definition: ModuleDefinition, hosts: readonly string[]): ModuleSummary => {
    const { name } = definition;
    const faults = { warnings: 0, errors: 0 };
    for (const host of hosts) {
      const { warnings, errors } = core.logBook.faults(name, host);
      faults.warnings += warnings;
      faults.errors += errors;
    }
    return { ...describe(definition), hosts: loader.tally(name, hosts), faults };
  };

  const onHosts = (name: string): Module["hosts"] =>
    loader.states(name).map(({ host, isEnabled, isInherited, options: given, error, running }) => ({
      host,
      enabled: isEnabled,
      inherited: isInherited,
      options: given,
      error,
      running: running && { since: timestamp(running.since), registered: registered(running.registered) },
      faults: { ...core.logBook.faults(name, host) },
    }));

  /** The chains that a module takes part in on a host, or on the first where it does. */
  const chainsWith = (name: string, scope: string | null): { host: string; chains: HookChain[] }[] => {
    for (const host of core.hosts.all()) {
      if (scope !== null && host.name !== scope) continue;
      const chains = chainsOf(host).filter(({ handlers }) => handlers.some(({ module }) => module === name));
      if (chains.length > 0) return [{ host: host.name, chains }];
    }
    return [];
  };

  const find = (name: string): ModuleDefinition => {
    const definition = loader.definitions().find((one) => one.name === name);
    if (definition === undefined) throw refused("not-found", "module-missing", { name });
    return definition;
  };

  // The part of a draft that a verb edits: the settings for all hosts, or those of one.
  const scopeOf = (host: string | undefined): string | null => {
    if (host === undefined) return null;
    const name = hostName(host);
    requireHost(core, name);
    return name;
  };
  const edit =
    (name: string, scope: string | null, setting: z.infer<typeof ModuleSetting> | null) =>
    (draft: Policy): void =>
      put(scope === null ? draft.modules : own(draft.hosts, scope)!.modules, name, setting);

  return {
    list({ host }) {
      const scope = scopeOf(host);
      const hosts = scope === null ? Object.keys(policy.document.hosts) : [scope];
      return { items: loader.definitions().map((definition) => summarize(definition, hosts)) };
    },

    get({ name, host }) {
      const definition = find(name);
      return {
        ...describe(definition),
        hosts: onHosts(name),
        options: z.toJSONSchema(definition.options, { io: "input", unrepresentable: "any" }),
        hooks: chainsWith(name, scopeOf(host)),
        revision: revisionOf(policy.revision),
      };
    },

    hooks({ host }) {
      const found = core.hosts.get(hostName(host));
      if (found === undefined) throw refused("not-found", "host-missing", { host });
      return { items: chainsOf(found) };
    },

    check({ name, host, setting }) {
      find(name);
      const draft = structuredClone(policy.document);
      edit(name, scopeOf(host), setting)(draft);
      const { issues, changes } = policy.check(draft);
      return { issues, changes };
    },

    async set({ name, host, setting, baseRevision: base, comment }, call) {
      find(name);
      const scope = scopeOf(host);
      call.note(scope === null ? name : `${name} on ${scope}`);
      const { revision, changes } = await revise(admin, call, { comment, base }, edit(name, scope, setting));
      return { revision, changes };
    },

    async restart({ name, host }, call) {
      find(name);
      const scope = hostName(host);
      requireHost(core, scope);
      const restart = await loader.restart(scope, name);
      if (restart === undefined) throw refused("conflict", "module-off", { name, host: scope });
      call.note(`${name} on ${scope}`, { error: restart.error });
      admin.events.publish("modules", name, call.author);
      return { ...restart, dropped: restart.dropped && registered(restart.dropped) };
    },
  };
}

function registered(counts: Registered) {
  return { ...counts, services: [...counts.services] };
}

function chainsOf({ hooks }: Host): HookChain[] {
  return hooks
    .names()
    .toSorted()
    .map((hook) => ({ hook, handlers: hooks.chain(hook).map((link) => ({ ...link })) }));
}

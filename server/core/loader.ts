import { z } from "zod";
import type { Policy, PolicyIssue } from "../../lib/contracts/policy.ts";
import { remark } from "../../lib/contracts/remarks.ts";
import { valueFault, valueFaultText } from "../../lib/contracts/value-faults.ts";
import type { Core } from "./core.ts";
import type { Handler, HookName } from "./hooks.ts";
import { Host } from "./host.ts";
import type { IqAddress, ModuleContext, ModuleDefinition } from "./module.ts";
import { own } from "./policy/engine.ts";
import { issueOf } from "./policy/issues.ts";
import { moduleSetting } from "./policy/module-setting.ts";
import { Registrations, type Registered } from "./registrations.ts";
import { SecretsError } from "./secrets.ts";
import { Service, serviceContext, serviceDomain } from "./service.ts";

const cannotUnseal = "a sealed value does not open here: type it again";

/** A module as it runs on one host. */
interface Running {
  readonly definition: ModuleDefinition;
  /** Canonical text of the options it was started with, to see whether they changed. */
  readonly options: string;
  readonly since: number;
  readonly registrations: Registrations;
}

export interface ModuleState {
  readonly host: string;
  readonly isEnabled: boolean;
  readonly isInherited: boolean;
  readonly options: unknown;
  readonly error: string | null;
  /** What it has registered, and since when it runs; null: it does not run. */
  readonly running: { readonly since: number; readonly registered: Registered } | null;
}

/** On how many hosts a module is in which state. */
export interface ModuleTally {
  readonly runs: number;
  readonly off: number;
  /** It should run there and does not. */
  readonly failed: number;
  /** Hosts that say something of their own about it. */
  readonly own: number;
}

/** A module that should run on a host and does not, and why. */
export interface ModuleFailure {
  readonly host: string;
  readonly module: string;
  readonly error: string;
}

/** How a restart went. */
export interface Restart {
  /** What the module had registered, all of which was undone; null: it was not running. */
  readonly dropped: Registered | null;
  readonly tookMs: number;
  /** Why it does not run now; null: it does. */
  readonly error: string | null;
}

/**
 * Makes the running hosts and modules what the policy says: starts and stops hosts, starts, stops and reconfigures
 * modules per host. One run at a time; a module that does not start is named in the log and leaves the others alone.
 */
export class Loader {
  readonly #core: Core;
  readonly #definitions = new Map<string, ModuleDefinition>();
  readonly #operatorModules = new Set<string>();
  readonly #running = new Map<string, Map<string, Running>>();
  /** Of modules that should run, by host and name. */
  readonly #errors = new Map<string, Map<string, string>>();
  #pending: Promise<void> = Promise.resolve();

  constructor(core: Core, builtIn: readonly ModuleDefinition[], fromOperator: readonly ModuleDefinition[] = []) {
    this.#core = core;
    for (const definition of [...builtIn, ...fromOperator]) {
      if (this.#definitions.has(definition.name)) throw new Error(`two modules are called ${definition.name}`);
      this.#definitions.set(definition.name, definition);
    }
    for (const definition of fromOperator) this.#operatorModules.add(definition.name);
  }

  /** Modules known to this server, in the order they start. */
  definitions(): readonly ModuleDefinition[] {
    return [...this.#definitions.values()];
  }

  isFromOperator(name: string): boolean {
    return this.#operatorModules.has(name);
  }

  /** Follows the policy from now on. */
  async start(): Promise<void> {
    this.#core.policy.setOptionCheck((name, options) => this.#checkOptions(name, options));
    const asked = this.definitions().flatMap((definition) => definition.accessRules ?? []);
    this.#core.policy.setAskedRules(new Set(asked));
    this.#core.policy.onChange((policy) => void this.apply(policy));
    await this.apply(this.#core.policy.document);
  }

  /** Resolves when the hosts and modules are as `policy` says. Calls run one after the other. */
  apply(policy: Policy): Promise<void> {
    this.#pending = this.#pending.then(() => this.#reconcile(policy));
    return this.#pending;
  }

  async stop(): Promise<void> {
    await this.#pending;
    for (const host of this.#running.keys()) this.#stopHost(host);
  }

  states(name: string): ModuleState[] {
    const { document } = this.#core.policy;
    return Object.entries(document.hosts).map(([host, { modules }]) => {
      const setting = this.#setting(document, host, name);
      const running = this.#running.get(host)?.get(name);
      return {
        host,
        isEnabled: setting.isEnabled,
        isInherited: own(modules, name) === undefined,
        options: setting.options,
        error: this.#errors.get(host)?.get(name) ?? null,
        running: running === undefined ? null : { since: running.since, registered: running.registrations.summary() },
      };
    });
  }

  /** {@link states} of these hosts, counted: asked for every module at once, of however many hosts. */
  tally(name: string, hosts: readonly string[]): ModuleTally {
    const { document } = this.#core.policy;
    const tally = { runs: 0, off: 0, failed: 0, own: 0 };
    for (const host of hosts) {
      if (own(own(document.hosts, host)?.modules ?? {}, name) !== undefined) tally.own += 1;
      if (this.#running.get(host)?.has(name) === true) tally.runs += 1;
      else if (this.#setting(document, host, name).isEnabled) tally.failed += 1;
      else tally.off += 1;
    }
    return tally;
  }

  failures(): ModuleFailure[] {
    return Array.from(this.#errors, ([host, errors]) =>
      Array.from(errors, ([module, error]) => ({ host, module, error })),
    ).flat();
  }

  /** Stops a module that the policy wants on the host, and starts it again. undefined: the policy does not want it there. */
  restart(host: string, name: string): Promise<Restart | undefined> {
    const run = this.#pending.then(() => this.#restart(host, name));
    this.#pending = run.then(() => undefined);
    return run;
  }

  async #restart(hostName: string, name: string): Promise<Restart | undefined> {
    const policy = this.#core.policy.document;
    const host = this.#core.hosts.get(hostName);
    const definition = this.#definitions.get(name);
    if (host === undefined || definition === undefined) return undefined;
    if (!this.#setting(policy, hostName, name).isEnabled) return undefined;
    const began = performance.now();
    const dropped = this.#running.get(hostName)?.get(name)?.registrations.summary() ?? null;
    this.#stopModule(hostName, name);
    await this.#startModule(host, definition, policy);
    const error = this.#errors.get(hostName)?.get(name) ?? null;
    return { dropped, tookMs: performance.now() - began, error };
  }

  async #reconcile(policy: Policy): Promise<void> {
    for (const host of this.#running.keys()) {
      if (policy.hosts[host] === undefined) this.#stopHost(host);
    }
    const hosts = Object.entries(policy.hosts).map(([name, settings]) => {
      const host = this.#core.hosts.get(name) ?? this.#addHost(name);
      host.enabled = settings.enabled;
      host.isDraining = settings.drainUntil !== null;
      return host;
    });
    // When all hosts are there, so that no service takes the name of one.
    for (const host of hosts) await this.#reconcileHost(host, policy);
  }

  #addHost(name: string): Host {
    const { hosts, log } = this.#core;
    // Its module will say that the name is taken.
    const rival = hosts.service(name);
    if (rival !== undefined) this.#stopModule(rival.host.name, rival.module);
    const host = new Host(name, log);
    this.#core.trace.follow(host);
    this.#running.set(name, new Map());
    hosts.add(host);
    return host;
  }

  async #reconcileHost(host: Host, policy: Policy): Promise<void> {
    const running = this.#running.get(host.name)!;
    // Two passes, so that a module which another one requires is there before it, whatever the order of the list.
    const wanted = [...this.#definitions.values()].filter(
      (one) => this.#setting(policy, host.name, one.name).isEnabled,
    );
    const names = new Set(wanted.map((one) => one.name));
    for (const name of this.#errors.get(host.name)?.keys() ?? []) {
      if (!names.has(name)) this.#errors.get(host.name)?.delete(name);
    }
    for (const [name, module] of running) {
      const setting = this.#setting(policy, host.name, name);
      if (!names.has(name) || JSON.stringify(setting.options) !== module.options) this.#stopModule(host.name, name);
    }
    const waiting = wanted.filter((one) => !running.has(one.name));
    for (let progress = true; progress && waiting.length > 0;) {
      progress = false;
      for (const definition of waiting.slice()) {
        if (!(definition.requires ?? []).every((name) => running.has(name))) continue;
        waiting.splice(waiting.indexOf(definition), 1);
        progress = true;
        await this.#startModule(host, definition, policy);
      }
    }
    for (const definition of waiting) {
      const missing = (definition.requires ?? []).filter((name) => !running.has(name)).join(", ");
      this.#failed(host.name, definition.name, `needs ${missing}, which does not run on this host`);
    }
  }

  async #startModule(host: Host, definition: ModuleDefinition, policy: Policy): Promise<void> {
    const { options: given } = this.#setting(policy, host.name, definition.name);
    const unsealed = this.#unsealed(definition, given);
    const parsed = definition.options.safeParse(unsealed ?? given);
    if (unsealed === null || !parsed.success) {
      this.#failed(host.name, definition.name, parsed.success ? cannotUnseal : z.prettifyError(parsed.error));
      return;
    }
    const registrations = new Registrations();
    const abort = new AbortController();
    registrations.onStop(() => abort.abort());
    try {
      await definition.start(this.#context(host, definition.name, parsed.data, abort.signal, registrations));
      const options = JSON.stringify(given);
      const since = this.#core.clock.now();
      this.#running.get(host.name)!.set(definition.name, { definition, options, since, registrations });
      this.#errors.get(host.name)?.delete(definition.name);
    } catch (error) {
      registrations.undo();
      this.#failed(host.name, definition.name, error instanceof Error ? error.message : String(error));
    }
  }

  #context(
    host: Host,
    name: string,
    options: unknown,
    signal: AbortSignal,
    registrations: Registrations,
  ): ModuleContext<unknown> {
    const core = this.#core;
    const log = core.log.for(name, { host: host.name });
    return {
      host,
      core,
      options,
      log,
      signal,
      hook<N extends HookName>(hook: N, handler: Handler<N>, priority?: number) {
        registrations.add("hooks", host.hooks.add(name, hook, handler, priority));
      },
      iq(address, type, [ns, payload], handler) {
        for (const one of [address].flat()) registrations.add("iqs", host.addIq(one, type, ns, payload, handler));
      },
      feature(namespace, of = "host") {
        const addresses: readonly IqAddress[] = of === "both" ? ["host", "account"] : [of].flat();
        for (const address of addresses) registrations.add("features", host.addFeature(address, namespace));
      },
      identity(identity, of = "host") {
        registrations.add("features", host.addIdentity(of, identity));
      },
      extendedInfo(form, of = "host") {
        registrations.add("features", host.addForm(of, form));
      },
      streamFeature(feature) {
        registrations.add("streamFeatures", host.addStreamFeature(feature));
      },
      inlineFeature(feature) {
        registrations.add("streamFeatures", host.addInlineFeature(feature));
      },
      sessionFeature(feature) {
        registrations.add("streamFeatures", host.addSessionFeature(feature));
      },
      command(command) {
        registrations.add("commands", host.addCommand(command));
      },
      service(domain, label) {
        const address = serviceDomain(domain, host.name);
        if (address === null) return null;
        const service = new Service(address, host, name, label, core.log);
        registrations.addService(address, core.hosts.addService(service));
        return serviceContext(service, registrations);
      },
      every(intervalMs, task) {
        let isBusy = false;
        const timer = setInterval(() => {
          if (isBusy) return;
          isBusy = true;
          Promise.resolve()
            .then(task)
            .catch((error: unknown) => log.error("a periodic task failed", { error: String(error) }))
            .finally(() => {
              isBusy = false;
            });
        }, intervalMs);
        timer.unref();
        registrations.add("timers", () => clearInterval(timer));
      },
      onStop(cleanup) {
        registrations.onStop(cleanup);
      },
    };
  }

  #stopHost(host: string): void {
    for (const name of [...(this.#running.get(host)?.keys() ?? [])].toReversed()) this.#stopModule(host, name);
    this.#running.delete(host);
    this.#errors.delete(host);
    this.#core.hosts.remove(host);
  }

  #stopModule(host: string, name: string): void {
    const module = this.#running.get(host)?.get(name);
    this.#running.get(host)?.delete(name);
    try {
      module?.registrations.undo();
    } catch (error) {
      this.#core.log.error("a module did not stop cleanly", { host, name, error: String(error) });
    }
  }

  #failed(host: string, name: string, message: string): void {
    const errors = this.#errors.get(host) ?? new Map<string, string>();
    this.#errors.set(host, errors.set(name, message));
    this.#core.log.error("a module did not start", { host, name, reason: message });
  }

  // The host's own setting, else the one for all hosts, else what the module says of itself.
  #setting(policy: Policy, host: string, name: string): { isEnabled: boolean; options: Record<string, unknown> } {
    const setting = moduleSetting(policy, host, name);
    if (setting !== undefined) return { isEnabled: setting.enabled, options: setting.options };
    return { isEnabled: this.#definitions.get(name)?.enabledByDefault ?? true, options: {} };
  }

  #checkOptions(name: string, options: unknown): readonly PolicyIssue[] {
    const definition = this.#definitions.get(name);
    const path = `modules.${name}`;
    if (definition === undefined) {
      return [issueOf("error", "unknown-name", path, remark("no-such-module", { name }))];
    }
    const unsealed = this.#unsealed(definition, options);
    const parsed = definition.options.safeParse(unsealed ?? options);
    const issues = parsed.success ? [] : parsed.error.issues;
    if (unsealed === null) issues.push({ code: "custom", path: [], message: cannotUnseal, input: undefined });
    return issues.map((issue) => ({
      severity: "error",
      code: "bad-option",
      path: [path, "options", ...issue.path].join("."),
      message: valueFaultText(issue),
      suggestion: null,
      ...valueFault(issue),
    }));
  }

  /** Seals what the options of modules hold open. */
  sealOptions(draft: Pick<Policy, "modules" | "hosts">): void {
    for (const modules of [draft.modules, ...Object.values(draft.hosts).map((host) => host.modules)]) {
      for (const [name, setting] of Object.entries(modules)) {
        const definition = this.#definitions.get(name);
        if (definition === undefined) continue;
        setting.options = this.#core.optionSecrets.seal(name, definition.options, setting.options);
      }
    }
  }

  /** null: a value was sealed for something else, or with a key that is gone. */
  #unsealed<Options>({ name, options: schema }: ModuleDefinition, options: Options): Options | null {
    try {
      return this.#core.optionSecrets.open(name, schema, options);
    } catch (error) {
      if (error instanceof SecretsError) return null;
      throw error;
    }
  }
}

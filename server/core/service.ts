import { isIP } from "node:net";
import type { Element } from "../xmpp/element.ts";
import { Jid } from "../xmpp/jid.ts";
import type { Command } from "./command.ts";
import { Entity } from "./entity.ts";
import type { Handler, HookName } from "./hooks.ts";
import type { Host } from "./host.ts";
import type { Log } from "./log.ts";
import type { Identity, IqAddress, IqHandler } from "./module.ts";
import type { Registrations } from "./registrations.ts";

/**
 * A domain that a module of a host serves, such as `push.example.org`: no accounts, no sessions. Iqs for the domain itself
 * (`host`) and for `node@domain` (`account`) have handlers; questions about the domain that the host's modules answer for
 * all services (`service`: ping, version, disco) are answered by these. Messages and presence come to the hooks by address
 * class, and everything, also iqs for full JIDs, comes to `stanza/service` first.
 */
export class Service extends Entity {
  readonly isService = true;
  /** The virtual host whose module serves it. */
  readonly host: Host;
  readonly module: string;
  /** What it is called where the host lists it (XEP-0030 4). */
  readonly label: string;

  constructor(name: string, host: Host, module: string, label: string, log: Log) {
    super(name, log);
    this.host = host;
    this.module = module;
    this.label = label;
  }

  override iqHandler(
    address: IqAddress,
    type: string,
    payload: Element | { readonly ns: string; readonly name: string },
  ): IqHandler | undefined {
    const own = super.iqHandler(address, type, payload);
    return own === undefined && address === "host" ? this.host.iqHandler("service", type, payload) : own;
  }

  override features(of: IqAddress): string[] {
    const own = super.features(of);
    return of === "host" ? [...new Set([...own, ...this.host.features("service")])].toSorted() : own;
  }
}

/**
 * The domain of a service from a module's option, where `@HOST@` stands for the host; null: it would be a name below an IP
 * address, and there are none. Throws Error for what is no domain.
 */
export function serviceDomain(option: string, host: string): string | null {
  if (option.includes("@HOST@") && isIP(host.replace(/^\[(.*)\]$/, "$1")) !== 0) return null;
  const jid = Jid.tryParse(option.replaceAll("@HOST@", host));
  if (jid === undefined || jid.full !== jid.domain) throw new Error(`${option} is not a domain name`);
  return jid.domain;
}

/** What a module registers for its service; undone when the module stops. */
export interface ServiceContext {
  readonly service: Service;
  hook<N extends HookName>(name: N, handler: Handler<N>, priority?: number): void;
  iq(
    address: Exclude<IqAddress, "service">,
    type: "get" | "set",
    payload: readonly [ns: string, name: string],
    handler: IqHandler,
  ): void;
  feature(namespace: string, of?: Exclude<IqAddress, "service">): void;
  identity(identity: Identity, of?: Exclude<IqAddress, "service">): void;
  /** A data form for disco#info of the service (XEP-0128), of the type `result` and with a FORM_TYPE. */
  extendedInfo(form: Element): void;
  command(command: Command): void;
}

/** Registers for `service` in the name of its module. */
export function serviceContext(service: Service, registrations: Registrations): ServiceContext {
  return {
    service,
    hook<N extends HookName>(hook: N, handler: Handler<N>, priority?: number) {
      registrations.add("hooks", service.hooks.add(service.module, hook, handler, priority));
    },
    iq(address, type, [ns, payload], handler) {
      registrations.add("iqs", service.addIq(address, type, ns, payload, handler));
    },
    feature(namespace, of = "host") {
      registrations.add("features", service.addFeature(of, namespace));
    },
    identity(identity, of = "host") {
      registrations.add("features", service.addIdentity(of, identity));
    },
    extendedInfo(form) {
      registrations.add("features", service.addForm("host", form));
    },
    command(command) {
      registrations.add("commands", service.addCommand(command));
    },
  };
}

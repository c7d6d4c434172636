import type { Element } from "../xmpp/element.ts";
import { parseForm } from "../xmpp/forms.ts";
import type { Command } from "./command.ts";
import { HookBus } from "./hook-bus.ts";
import type { Log } from "./log.ts";
import type { Identity, IqAddress, IqHandler } from "./module.ts";

/** A registry that gives each registration its undo. */
class Registered<T> {
  readonly #items = new Set<{ readonly value: T }>();
  add(value: T): () => void {
    const item = { value };
    this.#items.add(item);
    return () => this.#items.delete(item);
  }
  values(): T[] {
    return Array.from(this.#items, (item) => item.value);
  }
}

/** What somebody beside the modules tells in a namespace that they answer for, in the place of what modules tell there. */
interface ReplacedInfo {
  readonly namespace: string;
  readonly features: readonly string[];
  readonly identities: readonly Identity[];
  readonly forms: readonly Element[];
}

function isWithin(name: string, namespace: string): boolean {
  return name === namespace || name.startsWith(`${namespace}#`);
}

const addresses = ["host", "account", "service"] as const satisfies readonly IqAddress[];

function perAddress<T>(): Record<IqAddress, Registered<T>> {
  const [host, account, service] = addresses.map(() => new Registered<T>());
  return { host: host!, account: account!, service: service! };
}

/** What a domain is here, a virtual host or a service of one: what running modules registered for it. */
export abstract class Entity {
  readonly name: string;
  readonly hooks: HookBus;
  /** Accounts and sessions are under hosts; what is under a service is up to its module. */
  abstract readonly isService: boolean;
  readonly #iq = new Map<string, IqHandler>();
  readonly #features = perAddress<string>();
  readonly #identities = perAddress<Identity>();
  readonly #forms = perAddress<Element>();
  readonly #replaced = perAddress<ReplacedInfo>();
  readonly #commands = new Map<string, Command>();
  #revision = 0;

  constructor(name: string, log: Log) {
    this.name = name;
    this.hooks = new HookBus(log.for("hooks", { host: name }));
  }

  addIq(address: IqAddress, type: "get" | "set", ns: string, name: string, handler: IqHandler): () => void {
    const key = `${address} ${type} ${ns} ${name}`;
    if (this.#iq.has(key)) throw new Error(`two modules answer ${key}`);
    this.#iq.set(key, handler);
    return () => this.#iq.delete(key);
  }

  iqHandler(
    address: IqAddress,
    type: string,
    payload: Element | { readonly ns: string; readonly name: string },
  ): IqHandler | undefined {
    return this.#iq.get(`${address} ${type} ${payload.ns} ${payload.name}`);
  }

  /** Grows with each change of what disco#info tells, so that what is worked out from that need not be worked out anew. */
  get revision(): number {
    return this.#revision;
  }

  addFeature(of: IqAddress, namespace: string): () => void {
    return this.#told(this.#features[of].add(namespace));
  }

  /** Namespaces for disco#info, sorted and without doubles. */
  features(of: IqAddress): string[] {
    const replaced = this.#replaced[of].values();
    const own = this.#features[of]
      .values()
      .filter((feature) => !replaced.some((one) => isWithin(feature, one.namespace)));
    return [...new Set([...own, ...replaced.flatMap(({ features }) => features)])].toSorted();
  }

  addIdentity(of: IqAddress, identity: Identity): () => void {
    return this.#told(this.#identities[of].add(identity));
  }

  /** One of each category and type: that which is told in a module's place goes before the module's. */
  identities(of: IqAddress): Identity[] {
    const replaced = this.#replaced[of].values().flatMap(({ identities }) => identities);
    if (replaced.length === 0) return this.#identities[of].values();
    const found = new Map(
      [...this.#identities[of].values(), ...replaced].map((one) => [`${one.category}/${one.type}`, one]),
    );
    return [...found.values()];
  }

  addForm(of: IqAddress, form: Element): () => void {
    return this.#told(this.#forms[of].add(form));
  }

  /** Data forms for disco#info (XEP-0128). */
  forms(of: IqAddress): Element[] {
    const replaced = this.#replaced[of].values();
    if (replaced.length === 0) return this.#forms[of].values();
    const own = this.#forms[of].values().filter((form) => {
      const type = parseForm(form)?.formType ?? "";
      return !replaced.some(({ namespace }) => isWithin(type, namespace));
    });
    return [...own, ...replaced.flatMap(({ forms }) => forms)];
  }

  /** Somebody else answers for a namespace, and says what is told of it (XEP-0355 7.2, XEP-0128). */
  replaceInfo(of: IqAddress, info: ReplacedInfo): () => void {
    return this.#told(this.#replaced[of].add(info));
  }

  addCommand(command: Command): () => void {
    if (this.#commands.has(command.node)) throw new Error(`two modules have a command ${command.node}`);
    this.#commands.set(command.node, command);
    return () => this.#commands.delete(command.node);
  }

  /** Commands by node (XEP-0050), in the order they came. */
  get commands(): ReadonlyMap<string, Command> {
    return this.#commands;
  }

  #told(undo: () => void): () => void {
    this.#revision += 1;
    return () => {
      this.#revision += 1;
      undo();
    };
  }
}

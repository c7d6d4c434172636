import type { Element } from "../xmpp/element.ts";
import { HookBus } from "./hooks.ts";
import type { Log } from "./log.ts";
import type { Identity, IqAddress, IqHandler, StreamFeature } from "./module.ts";

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

/** A virtual host: what its running modules registered. */
export class Host {
  readonly name: string;
  readonly hooks: HookBus;
  /** A disabled host keeps its accounts and refuses streams. */
  enabled = true;
  readonly #iq = new Map<string, IqHandler>();
  readonly #features = { host: new Registered<string>(), account: new Registered<string>() };
  readonly #identities = { host: new Registered<Identity>(), account: new Registered<Identity>() };
  #streamFeatures: readonly StreamFeature[] = [];
  readonly #handledBy = new Map<string, StreamFeature>();

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

  addFeature(of: IqAddress, namespace: string): () => void {
    return this.#features[of].add(namespace);
  }

  /** Namespaces for disco#info, sorted and without doubles. */
  features(of: IqAddress): string[] {
    return [...new Set(this.#features[of].values())].toSorted();
  }

  addIdentity(of: IqAddress, identity: Identity): () => void {
    return this.#identities[of].add(identity);
  }

  identities(of: IqAddress): Identity[] {
    return this.#identities[of].values();
  }

  addStreamFeature(feature: StreamFeature): () => void {
    this.#streamFeatures = [...this.#streamFeatures, feature].toSorted((a, b) => a.order - b.order);
    for (const [ns, name] of feature.handles) this.#handledBy.set(`${ns} ${name}`, feature);
    return () => {
      this.#streamFeatures = this.#streamFeatures.filter((other) => other !== feature);
      for (const [ns, name] of feature.handles) this.#handledBy.delete(`${ns} ${name}`);
    };
  }

  get streamFeatures(): readonly StreamFeature[] {
    return this.#streamFeatures;
  }

  /** The stream feature that negotiates with this element. */
  featureFor(ns: string, name: string): StreamFeature | undefined {
    return this.#handledBy.get(`${ns} ${name}`);
  }
}

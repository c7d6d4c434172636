import { Entity } from "./entity.ts";
import type { StreamFeature } from "./module.ts";

/** A virtual host: what its running modules registered. */
export class Host extends Entity {
  readonly isService = false;
  /** A disabled host keeps its accounts and refuses streams. */
  enabled = true;
  #streamFeatures: readonly StreamFeature[] = [];
  readonly #handledBy = new Map<string, StreamFeature>();

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

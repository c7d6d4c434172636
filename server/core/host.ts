import { Entity } from "./entity.ts";
import type { InlineFeature, SessionFeature } from "./inline.ts";
import type { StreamFeature } from "./module.ts";

/** A virtual host: what its running modules registered. */
export class Host extends Entity {
  readonly isService = false;
  /** A disabled host keeps its accounts and refuses streams. */
  enabled = true;
  /** It keeps its streams and refuses new ones: it is about to be disabled. */
  isDraining = false;
  #streamFeatures: readonly StreamFeature[] = [];
  readonly #handledBy = new Map<string, StreamFeature>();
  #inlineFeatures: readonly InlineFeature[] = [];
  #sessionFeatures: readonly SessionFeature[] = [];

  addStreamFeature(feature: StreamFeature): () => void {
    this.#streamFeatures = [...this.#streamFeatures, feature].toSorted((a, b) => a.order - b.order);
    for (const [ns, name] of feature.handles) this.#handledBy.set(`${ns} ${name}`, feature);
    return () => {
      this.#streamFeatures = this.#streamFeatures.filter((other) => other !== feature);
      for (const [ns, name] of feature.handles) this.#handledBy.delete(`${ns} ${name}`);
    };
  }

  addInlineFeature(feature: InlineFeature): () => void {
    this.#inlineFeatures = [...this.#inlineFeatures, feature].toSorted((a, b) => a.order - b.order);
    return () => {
      this.#inlineFeatures = this.#inlineFeatures.filter((other) => other !== feature);
    };
  }

  /** What can be asked for together with the login, in the order in which it is done. */
  get inlineFeatures(): readonly InlineFeature[] {
    return this.#inlineFeatures;
  }

  addSessionFeature(feature: SessionFeature): () => void {
    this.#sessionFeatures = [...this.#sessionFeatures, feature];
    return () => {
      this.#sessionFeatures = this.#sessionFeatures.filter((other) => other !== feature);
    };
  }

  /** What can be switched on by the request that binds a resource. */
  get sessionFeatures(): readonly SessionFeature[] {
    return this.#sessionFeatures;
  }

  get streamFeatures(): readonly StreamFeature[] {
    return this.#streamFeatures;
  }

  /** The stream feature that negotiates with this element. */
  featureFor(ns: string, name: string): StreamFeature | undefined {
    return this.#handledBy.get(`${ns} ${name}`);
  }
}

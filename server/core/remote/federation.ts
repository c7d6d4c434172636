import type { Host } from "../host.ts";
import type { LinkSettings, ServerFeature } from "./negotiation.ts";

/** A virtual host that may talk to other servers, for itself and for its services. */
export class Federation {
  readonly host: Host;
  readonly settings: LinkSettings;
  #features: readonly ServerFeature[] = [];

  constructor(host: Host, settings: LinkSettings) {
    this.host = host;
    this.settings = settings;
  }

  /** In the order in which they are offered and tried. */
  get features(): readonly ServerFeature[] {
    return this.#features;
  }

  featureFor(ns: string, name: string): ServerFeature | undefined {
    return this.#features.find(({ handles }) => handles.some((one) => one[0] === ns && one[1] === name));
  }

  /** The function returned takes it away again. */
  add(feature: ServerFeature): () => void {
    this.#features = [...this.#features, feature].toSorted((a, b) => a.order - b.order);
    return () => {
      this.#features = this.#features.filter((other) => other !== feature);
    };
  }
}

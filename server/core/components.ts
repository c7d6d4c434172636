import type { Stanza } from "../xmpp/stanza.ts";
import type { StreamError } from "../xmpp/errors.ts";
import type { Host } from "./host.ts";

/** The stream of a component that has proved its secret. */
export interface ComponentLink {
  /** Of the peer, for the log. */
  readonly address: string;
  send(stanza: Stanza): void;
  /** Sends white space, so that nothing between takes the connection for idle. */
  keepAlive(): void;
  close(error?: StreamError): void;
}

/** A component that may connect: a domain that a program beside the server serves (XEP-0114). */
export interface Component {
  readonly domain: string;
  /** The virtual host that it belongs to. */
  readonly host: Host;
  /** Whether the text of `<handshake/>` proves that the peer knows the secret; takes as long for any text. */
  isProvedBy(streamId: string, handshake: string): boolean;
  /** The stream serves the domain from now on. Throws StreamError `conflict` while another one does and is to stay. */
  attach(link: ComponentLink): void;
  /** The stream is over. */
  detach(link: ComponentLink): void;
}

/** The components that may connect, by domain. */
export class Components {
  readonly #byDomain = new Map<string, Component>();

  get(domain: string): Component | undefined {
    return this.#byDomain.get(domain);
  }

  /** Lets a component connect, until the function returned is called. */
  add(component: Component): () => void {
    this.#byDomain.set(component.domain, component);
    return () => {
      if (this.#byDomain.get(component.domain) === component) this.#byDomain.delete(component.domain);
    };
  }
}

import type { StreamError } from "../xmpp/errors.ts";
import type { Stanza } from "../xmpp/stanza.ts";
import type { Host } from "./host.ts";

/** What has gone one way over a stream; bytes without those of TLS and TCP. */
export interface Traffic {
  stanzas: number;
  bytes: number;
}

/** The stream of a component that has proved its secret. */
export interface ComponentLink {
  /** Of the peer, for the log. */
  readonly address: string;
  /** Since its beginning. */
  readonly incoming: Readonly<Traffic>;
  readonly outgoing: Readonly<Traffic>;
  send(stanza: Stanza): void;
  /** Sends white space, so that nothing between takes the connection for idle. */
  keepAlive(): void;
  close(error?: StreamError): void;
}

/** A component that may connect: a domain that a program beside the server serves (XEP-0114). */
export interface Component {
  readonly domain: string;
  /** What it is called for people. */
  readonly label: string;
  /** The virtual host that it belongs to. */
  readonly host: Host;
  /** The domain as it was declared, where `@HOST@` may stand for the host. */
  readonly declared: string;
  /** null: it is not connected. */
  readonly connection: { readonly link: ComponentLink; readonly since: number } | null;
  /** When its last connection ended; null: there was none since its module started. */
  readonly lastSeenAt: number | null;
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
  readonly #listeners = new Set<(domain: string) => void>();

  get(domain: string): Component | undefined {
    return this.#byDomain.get(domain);
  }

  all(): Iterable<Component> {
    return this.#byDomain.values();
  }

  /** Lets a component connect, until the function returned is called. */
  add(component: Component): () => void {
    this.#byDomain.set(component.domain, component);
    this.changed(component.domain);
    return () => {
      if (this.#byDomain.get(component.domain) !== component) return;
      this.#byDomain.delete(component.domain);
      this.changed(component.domain);
    };
  }

  /** One came, went, connected or lost its connection. */
  changed(domain: string): void {
    for (const listener of this.#listeners) listener(domain);
  }

  onChange(listener: (domain: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

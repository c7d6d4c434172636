import type { Carrier } from "../net/carrier.ts";
import { type StreamOwner, XmppStream } from "../net/stream.ts";
import { StreamError } from "../xmpp/errors.ts";
import { Jid } from "../xmpp/jid.ts";
import { NS } from "../xmpp/namespaces.ts";
import type { StreamHeader } from "../xmpp/parser.ts";
import type { Stanza } from "../xmpp/stanza.ts";
import type { Component, ComponentLink, Traffic } from "./components.ts";
import { inStreamNamespace } from "./content-namespace.ts";
import type { Core } from "./core.ts";
import { HeldAnswers } from "./held-answers.ts";
import type { Log } from "./log.ts";
import type { Origin } from "./session.ts";
import type { LoginThrottle } from "./throttle.ts";

/** What all streams of components share. */
export interface ComponentStreams {
  readonly core: Core;
  readonly throttle: LoginThrottle;
  readonly log: Log;
  /** It has proved its secret. */
  proved(stream: ComponentStream): void;
  closed(stream: ComponentStream): void;
}

/** A component's stream from its header to its end (XEP-0114 3): the handshake, then stanzas both ways. */
export class ComponentStream implements StreamOwner, ComponentLink, Origin {
  readonly session = null;
  readonly incoming: Traffic = { stanzas: 0, bytes: 0 };
  readonly outgoing: Traffic = { stanzas: 0, bytes: 0 };
  readonly #shared: ComponentStreams;
  readonly #stream: XmppStream;
  readonly #answers: HeldAnswers;
  #component: Component | null = null;
  #isProved = false;
  /** A stanza is still being dealt with; nothing further is read. */
  #isBusy = false;
  #onIdle: (() => void) | null = null;

  constructor(carrier: Carrier, shared: ComponentStreams) {
    this.#shared = shared;
    this.#stream = new XmppStream(carrier, this, NS.component);
    this.#answers = new HeldAnswers((stanza) => this.send(stanza));
  }

  open(): void {
    this.#stream.open();
  }

  get address(): string {
    return this.#stream.address;
  }

  /** null before the header. */
  get domain(): string | null {
    return this.#component === null ? null : this.#component.domain;
  }

  /** The virtual host that its component belongs to; null before the header. */
  get hostName(): string | null {
    return this.#component === null ? null : this.#component.host.name;
  }

  send(stanza: Stanza): void {
    if (this.#stream.isClosed) return;
    const text = inStreamNamespace(stanza);
    count(this.outgoing, text);
    this.#stream.write(text);
  }

  answer(stanza: Stanza): void {
    this.#answers.answer(stanza);
  }

  awaitCommit(commit: Promise<unknown>, hurry?: () => void): void {
    this.#answers.awaitCommit(commit, hurry);
  }

  keepAlive(): void {
    if (!this.#stream.isClosed) this.#stream.write(" ");
  }

  close(error?: StreamError): void {
    this.#stream.close(error);
  }

  destroy(reason: string): void {
    this.#stream.destroy(reason);
  }

  /** Applies the shaper that the policy in force gives the component. */
  reshape(): void {
    if (this.#isProved) this.#stream.shape(this.#shaper());
  }

  opening(header: StreamHeader): string {
    const to = Jid.tryParse(header.to ?? "");
    const component =
      to === undefined || to.full !== to.domain ? undefined : this.#shared.core.components.get(to.domain);
    if (component === undefined) throw new StreamError("host-unknown");
    if (!component.host.enabled) throw new StreamError("host-gone", "the host is switched off");
    this.#component = component;
    return component.domain;
  }

  opened(): void {
    this.#shared.core.metrics.streamsOpened += 1;
  }

  received(stanza: Stanza): void {
    const component = this.#component;
    if (component === null) throw new StreamError("not-authorized");
    if (!this.#isProved) this.#handshake(component, stanza);
    else if (stanza.kind === "nonza") throw new StreamError("unsupported-stanza-type");
    else this.#route(component, stanza);
  }

  settle(end: () => void): void {
    if (this.#isBusy) this.#onIdle = end;
    else end();
  }

  finished(): void {
    // Nothing is kept for a component that leaves.
  }

  closed(reason: string): void {
    this.#shared.closed(this);
    if (!this.#isProved) return;
    this.#component?.detach(this);
    this.#shared.log.info("component disconnected", { component: this.domain, address: this.address, reason });
  }

  faulted(error: unknown): void {
    this.#shared.core.log.error("a component's stream failed", {
      address: this.address,
      component: this.domain,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }

  // Nobody learns the secret's worth by trying fast: failures count as wrong passwords do.
  #handshake(component: Component, stanza: Stanza): void {
    const { address } = this;
    const { log, throttle } = this.#shared;
    const { domain } = component;
    if (stanza.name !== "handshake" || stanza.ns !== NS.client)
      throw new StreamError("not-authorized", "<handshake/> expected");
    if (throttle.check(address, domain) !== null) throw new StreamError("not-authorized", "too many failures; wait");
    if (!component.isProvedBy(this.#stream.id, stanza.element.text)) {
      log.warn("a component did not prove its secret", { component: domain, address });
      this.#refuse(throttle.failed(address, domain));
      return;
    }
    throttle.succeeded(address, domain);
    component.attach(this);
    this.#isProved = true;
    this.#stream.trust(this.#shaper());
    this.#shared.proved(this);
    this.#stream.write("<handshake/>");
    log.info("component connected", { component: domain, address });
  }

  #refuse(afterMs: number): void {
    const error = new StreamError("not-authorized");
    if (afterMs === 0) throw error;
    this.#stream.pauseReading();
    setTimeout(() => this.#stream.close(error), afterMs).unref();
  }

  /** One at a time, so that the order is kept: nothing further is read while one is being dealt with. */
  #route(component: Component, stanza: Stanza): void {
    count(this.incoming, stanza.toString());
    const from = stanza.from === undefined ? Jid.parse(component.domain) : Jid.tryParse(stanza.from);
    if (from?.domain !== component.domain) throw new StreamError("invalid-from");
    const pending = this.#shared.core.router.fromPeer(this, from, stanza);
    if (pending === undefined) return;
    this.#isBusy = true;
    this.#stream.pauseReading();
    pending.then(this.#idle, (error: unknown) => {
      this.#stream.fail(error);
      this.#idle();
    });
  }

  readonly #idle = (): void => {
    this.#isBusy = false;
    this.#stream.resumeReading();
    this.#onIdle?.();
  };

  #shaper(): { rate: number; burst: number } | null {
    const component = this.#component!;
    const jid = Jid.parse(component.domain);
    return this.#shared.core.policy.shaper("component_shaper", { jid, ip: this.address, host: component.host.name });
  }
}

function count(traffic: Traffic, text: string): void {
  traffic.stanzas += 1;
  traffic.bytes += Buffer.byteLength(text);
}

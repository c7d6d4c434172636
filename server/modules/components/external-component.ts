import { createHash, timingSafeEqual } from "node:crypto";
import type { Component, ComponentLink } from "../../core/components.ts";
import type { Core } from "../../core/core.ts";
import type { Host } from "../../core/host.ts";
import { PendingIqs } from "../../core/pending-iqs.ts";
import type { Packet } from "../../core/router.ts";
import { StanzaError, StreamError } from "../../xmpp/errors.ts";
import type { Stanza } from "../../xmpp/stanza.ts";

/** XEP-0114 3: SHA-1 in hexadecimal, lower case. */
const handshakeText = /^[0-9a-f]{40}$/;

/** A declared component, connected or not. */
export class ExternalComponent implements Component {
  readonly domain: string;
  readonly label: string;
  readonly declared: string;
  readonly host: Host;
  /** What it has asked in the name of accounts: nobody else is asked to answer in the server's place. */
  readonly asked = new PendingIqs();
  readonly #core: Core;
  readonly #access: string | null;
  readonly #secret: string;
  readonly #isReplaced: boolean;
  #connection: { readonly link: ComponentLink; readonly since: number } | null = null;
  #lastSeenAt: number | null = null;
  readonly #onConnected: (() => void)[] = [];
  readonly #onGone: (() => void)[] = [];

  constructor(parts: {
    readonly core: Core;
    readonly host: Host;
    readonly name: string;
    readonly declared: string;
    readonly label: string;
    readonly access: string | null;
    readonly secret: string;
    readonly isReplaced: boolean;
  }) {
    this.#core = parts.core;
    this.host = parts.host;
    this.domain = parts.name;
    this.label = parts.label;
    this.declared = parts.declared;
    this.#access = parts.access;
    this.#secret = parts.secret;
    this.#isReplaced = parts.isReplaced;
  }

  /** Runs `connected` each time that a stream serves the domain, once it may be written to, and `gone` when none does. */
  follow(connected: () => void, gone: () => void = () => undefined): void {
    this.#onConnected.push(connected);
    this.#onGone.push(gone);
  }

  /** Writes a stanza of the server's; dropped when it is not connected. */
  send(stanza: Stanza): void {
    this.#connection?.link.send(stanza);
  }

  get connection(): { readonly link: ComponentLink; readonly since: number } | null {
    return this.#connection;
  }

  get lastSeenAt(): number | null {
    return this.#lastSeenAt;
  }

  isProvedBy(streamId: string, handshake: string): boolean {
    const expected = createHash("sha1").update(`${streamId}${this.#secret}`).digest();
    const text = handshake.trim();
    return handshakeText.test(text) && timingSafeEqual(Buffer.from(text, "hex"), expected);
  }

  attach(link: ComponentLink): void {
    const rival = this.#connection;
    if (rival !== null && !this.#isReplaced) throw new StreamError("conflict", "it is connected already");
    this.#connection = { link, since: this.#core.clock.now() };
    rival?.link.close(new StreamError("conflict", "replaced by a new connection"));
    this.#core.components.changed(this.domain);
    // The handshake is answered in this turn.
    queueMicrotask(() => {
      if (this.#connection?.link === link) for (const connected of this.#onConnected) connected();
    });
  }

  detach(link: ComponentLink): void {
    if (this.#connection?.link !== link) return;
    this.#connection = null;
    this.#lastSeenAt = this.#core.clock.now();
    for (const gone of this.#onGone) gone();
    this.#core.components.changed(this.domain);
  }

  /** All that is sent to the domain is for the component; nothing is kept for one that is not there. */
  take(packet: Packet): "handled" {
    const { router } = this.#core;
    const connection = this.#connection;
    if (!this.#mayReach(packet)) {
      router.bounce(packet, StanzaError.of("forbidden"));
    } else if (connection !== null) {
      connection.link.send(packet.stanza);
    } else if (packet.stanza.kind !== "presence") {
      router.bounce(packet, StanzaError.of("remote-server-timeout", "The component is not connected."));
    }
    return "handled";
  }

  keepAlive(): void {
    this.#connection?.link.keepAlive();
  }

  /** It may connect anew if it is still declared. */
  stop(): void {
    this.#connection?.link.close(new StreamError("reset", "the component's settings changed"));
  }

  // Answers to what the component itself has asked always come through.
  #mayReach({ stanza, from, origin }: Packet): boolean {
    if (this.#access === null || stanza.type === "error" || (stanza.kind === "iq" && stanza.type === "result"))
      return true;
    const ip = origin.session?.link.address ?? null;
    return this.#core.policy.allows(this.#access, { jid: from.toBare(), ip, host: this.host.name });
  }
}

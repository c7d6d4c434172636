import type { MessageKey } from "../storage/ports.ts";
import { StanzaError } from "../xmpp/errors.ts";
import { Jid } from "../xmpp/jid.ts";
import { errorReply, resultReply } from "../xmpp/reply.ts";
import type { Stanza } from "../xmpp/stanza.ts";
import type { Entity } from "./entity.ts";
import type { HookName } from "./hooks.ts";
import type { Hosts } from "./hosts.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { IqAddress } from "./module.ts";
import { PendingIqs } from "./pending-iqs.ts";
import type { Origin, Session } from "./session.ts";
import type { Sessions } from "./sessions.ts";

/** A stanza on its way: stamped, with its addresses parsed once. */
export interface Packet {
  readonly stanza: Stanza;
  readonly from: Jid;
  readonly to: Jid;
  readonly origin: Origin;
  /** What the recipient's domain is: a virtual host, or a service of one; undefined when it is not served here. */
  readonly host: Entity | undefined;
  /** Under which the sender's account keeps it (XEP-0359); nobody but that account is told. */
  keptAs?: MessageKey;
}

type AddressClass = "host" | "bare" | "full";
const hookNames = {
  message: { host: "message/host", bare: "message/bare", full: "message/full" },
  presence: { host: "presence/host", bare: "presence/bare", full: "presence/full" },
} as const satisfies Record<string, Record<AddressClass, HookName>>;

/** Of a presence, UTF-16 units: it goes to a thousand contacts, and rooms keep it for everybody who enters. */
const maxPresenceLength = 16 * 1024;

/** For stanzas that the server itself sends: nobody waits for an answer. */
export const serverOrigin: Origin = { answer() {}, awaitCommit() {}, session: null };

/** Takes stanzas from sessions, finds out who they are for and hands them to the modules (RFC 6120 8, 10). */
export class Router {
  readonly #hosts: Hosts;
  readonly #sessions: Sessions;
  readonly #log: Log;
  readonly #metrics: Metrics;
  readonly #asked = new PendingIqs();

  constructor(hosts: Hosts, sessions: Sessions, log: Log, metrics: Metrics) {
    this.#hosts = hosts;
    this.#sessions = sessions;
    this.#log = log.for("router");
    this.#metrics = metrics;
  }

  /** A stanza from a bound client: stamps `from` (RFC 6120 8.1.2.1), checks its shape and routes it. */
  fromSession = (session: Session, received: Stanza): void | Promise<void> => {
    const kind = received.kind;
    this.#metrics.stanzaIn(kind);
    const stanza = received.with({ from: session.jid.full });
    // A stanza without `to`: presence is for the contacts, everything else for the own account (RFC 6120 10.3).
    const to = stanza.to === undefined ? session.bare : Jid.tryParse(stanza.to);
    if (to === undefined) {
      if (stanza.type !== "error") session.answer(errorReply(stanza, StanzaError.of("jid-malformed")));
      return undefined;
    }
    const packet: Packet = { stanza, from: session.jid, to, origin: session, host: this.#hosts.entity(to.domain) };
    if (kind === "iq" && !isWellShaped(stanza)) {
      if (stanza.type !== "error" && stanza.type !== "result")
        session.answer(errorReply(stanza, StanzaError.of("bad-request")));
      return undefined;
    }
    if (kind === "presence" && isTooLong(stanza)) {
      this.bounce(packet, tooLong());
      return undefined;
    }
    const verdict = session.host.hooks.fire("stanza/sent", packet);
    if (verdict instanceof Promise)
      return verdict.then((result) => (result === "drop" ? undefined : this.route(packet)));
    return verdict === "drop" ? undefined : this.route(packet);
  };

  /** A stanza from beside the server, sent as `from`, which is proved to be the sender: checks its shape and routes it. */
  fromPeer(origin: Origin, from: Jid, received: Stanza): void | Promise<void> {
    this.#metrics.stanzaIn(received.kind);
    const stanza = received.from === from.full ? received : received.with({ from: from.full });
    const to = Jid.tryParse(stanza.to ?? "");
    const isAnswer = stanza.type === "error" || (stanza.kind === "iq" && stanza.type === "result");
    if (to === undefined) {
      if (!isAnswer) origin.answer(errorReply(stanza, StanzaError.of("jid-malformed")));
      return undefined;
    }
    if (stanza.kind === "iq" && !isWellShaped(stanza)) {
      if (!isAnswer) origin.answer(errorReply(stanza, StanzaError.of("bad-request")));
      return undefined;
    }
    if (stanza.kind === "presence" && isTooLong(stanza)) {
      if (!isAnswer) origin.answer(errorReply(stanza, tooLong()));
      return undefined;
    }
    return this.route({ stanza, from, to, origin, host: this.#hosts.entity(to.domain) });
  }

  /** Sends a stanza made by the server. `from` and `to` must be in it. */
  send(stanza: Stanza, origin: Origin = serverOrigin): void | Promise<void> {
    const from = Jid.parse(stanza.from ?? "");
    const to = Jid.parse(stanza.to ?? "");
    return this.route({ stanza, from, to, origin, host: this.#hosts.entity(to.domain) });
  }

  /**
   * Asks an iq of the server's own: `from` is a host or a service, the id is made here. Resolves with the result or error,
   * or with null when none has come after `timeoutMs`.
   */
  ask(iq: Stanza, timeoutMs: number): Promise<Stanza | null> {
    return this.#asked.ask(iq, timeoutMs, (stanza) => this.send(stanza, this.#asked.origin));
  }

  /** Routes a packet by its domain, then by address class (RFC 6120 10.5, RFC 6121 8). */
  route(packet: Packet): void | Promise<void> {
    const { host } = packet;
    if (host === undefined) return this.#remote(packet);
    if (!host.isService && packet.to.local === "") return this.#deliver(packet, host);
    const outcome = host.hooks.fire(host.isService ? "stanza/service" : "stanza/incoming", packet);
    if (outcome instanceof Promise)
      return outcome.then((result) => (result === undefined ? this.#deliver(packet, host) : undefined));
    return outcome === undefined ? this.#deliver(packet, host) : undefined;
  }

  #deliver(packet: Packet, host: Entity): void | Promise<void> {
    const { stanza } = packet;
    const address: AddressClass = packet.to.local === "" ? "host" : packet.to.resource === "" ? "bare" : "full";
    if (stanza.kind === "iq") return this.#iq(packet, host, address);
    const kind = stanza.kind === "presence" ? "presence" : "message";
    const outcome = host.hooks.fire(hookNames[kind][address], packet);
    if (outcome instanceof Promise) return outcome.then((result) => this.#unhandled(packet, result));
    this.#unhandled(packet, outcome);
    return undefined;
  }

  /** Answers with an error, unless the stanza is one itself or asks for no answer (RFC 6120 8.3.1). */
  bounce(packet: Packet, error: StanzaError): void {
    const { stanza } = packet;
    if (stanza.type === "error" || (stanza.kind === "iq" && stanza.type === "result")) return;
    packet.origin.answer(errorReply(stanza, error));
  }

  #unhandled(packet: Packet, outcome: "handled" | undefined): void {
    // Presence that nobody takes is dropped without a word (RFC 6121 8.5.2.2).
    if (outcome === undefined && packet.stanza.kind === "message")
      this.bounce(packet, StanzaError.of("service-unavailable"));
  }

  #remote(packet: Packet): void | Promise<void> {
    const sender = this.#hosts.ownerOf(packet.from.domain);
    const outcome = sender?.hooks.fire("stanza/remote", packet);
    const settle = (result: "handled" | undefined): void => {
      if (result === undefined && packet.stanza.kind !== "presence")
        this.bounce(packet, StanzaError.of("remote-server-not-found"));
    };
    if (outcome instanceof Promise) return outcome.then(settle);
    settle(outcome);
    return undefined;
  }

  #iq(packet: Packet, host: Entity, address: AddressClass): void | Promise<void> {
    const { stanza, to } = packet;
    if (address === "full") {
      const session = host.isService ? undefined : this.#sessions.find(to);
      if (session !== undefined) session.send(stanza);
      else this.bounce(packet, StanzaError.of("service-unavailable"));
      return undefined;
    }
    const outcome = host.isService ? undefined : host.hooks.fire(address === "host" ? "iq/host" : "iq/bare", packet);
    if (outcome instanceof Promise)
      return outcome.then((result) => (result === undefined ? this.#answered(packet, host, address) : undefined));
    return outcome === undefined ? this.#answered(packet, host, address) : undefined;
  }

  /** By whoever answers for the host, the service or the account. */
  #answered(packet: Packet, host: Entity, address: AddressClass): void | Promise<void> {
    const { stanza } = packet;
    if (stanza.type !== "get" && stanza.type !== "set") {
      this.#asked.take(stanza);
      return undefined;
    }
    const child = stanza.children[0];
    const of: IqAddress = address === "host" ? "host" : "account";
    const handler = child === undefined ? undefined : host.iqHandler(of, stanza.type, child);
    if (handler === undefined) {
      this.bounce(packet, StanzaError.of("service-unavailable"));
      return undefined;
    }
    try {
      const answer = handler(stanza, packet);
      if (answer instanceof Promise) {
        return answer.then(
          (value) => this.#answerIq(packet, value),
          (error: unknown) => this.#failIq(packet, error),
        );
      }
      this.#answerIq(packet, answer);
    } catch (error) {
      this.#failIq(packet, error);
    }
    return undefined;
  }

  #answerIq(packet: Packet, answer: Parameters<typeof resultReply>[1] | null | "answered"): void {
    if (answer === "answered") return;
    packet.origin.answer(resultReply(packet.stanza, answer ?? undefined));
  }

  #failIq(packet: Packet, error: unknown): void {
    if (error instanceof StanzaError) {
      this.bounce(packet, error);
      return;
    }
    const child = packet.stanza.children[0];
    this.#log.error("an iq handler failed", {
      payload: child === undefined ? "" : `${child.ns} ${child.name}`,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    this.bounce(packet, StanzaError.of("internal-server-error"));
  }
}

function isTooLong(presence: Stanza): boolean {
  return presence.toString().length > maxPresenceLength;
}

function tooLong(): StanzaError {
  return StanzaError.of("policy-violation", `a presence has no more than ${maxPresenceLength} characters`);
}

// RFC 6120 8.2.3: an id, a known type, and exactly one child for get and set.
function isWellShaped(iq: Stanza): boolean {
  if (iq.id === undefined || iq.id === "") return false;
  switch (iq.type) {
    case "get":
    case "set":
      return iq.children.length === 1;
    case "result":
      return iq.children.length <= 1;
    case "error":
      return true;
    default:
      return false;
  }
}

import type { Delegation } from "../../core/component-rights.ts";
import type { Core } from "../../core/core.ts";
import type { Packet } from "../../core/router.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import type { ExternalComponent } from "./external-component.ts";
import { NS_DELEGATION } from "./namespaces.ts";

/** Requests that wait for one component. */
const maxWaiting = 1000;

/** A component that answers requests for its host and the accounts there (XEP-0355 4.3). */
export class ManagingEntity {
  readonly #core: Core;
  readonly #component: ExternalComponent;
  #waiting = 0;

  constructor(core: Core, component: ExternalComponent) {
    this.#core = core;
    this.#component = component;
  }

  /** Not for requests without the attributes that are asked for, nor for its own, also in the name of others (XEP-0355 4.1, 4.3.1). */
  isFor({ attributes }: Delegation, { from, origin, stanza: { payload } }: Packet): boolean {
    if (from.domain === this.#component.domain || origin === this.#component.asked.origin) return false;
    return attributes.every((name) => payload?.attr(name) !== undefined);
  }

  /** Its answer, from whom the request was for. Throws StanzaError: service-unavailable, when there is none within `ms`. */
  async answer(packet: Packet, ms: number): Promise<Stanza> {
    const { connection, domain, host } = this.#component;
    if (connection === null || this.#waiting >= maxWaiting) throw StanzaError.of("service-unavailable");
    const forwarded = el("forwarded", NS.forward, undefined, packet.stanza.element);
    const payload = el("delegation", NS_DELEGATION, undefined, forwarded);
    const request = Stanza.from(el("iq", NS.client, { type: "set", from: host.name, to: domain }, payload));
    this.#waiting += 1;
    try {
      const reply = await this.#core.router.ask(request, ms);
      const inner = reply?.type === "result" ? innerOf(reply) : undefined;
      if (inner === undefined || !answers(inner, packet)) throw StanzaError.of("service-unavailable");
      return Stanza.from(inner).with({ from: packet.to.full });
    } finally {
      this.#waiting -= 1;
    }
  }
}

function innerOf(reply: Stanza): Element | undefined {
  return reply.child("delegation", NS_DELEGATION)?.child("forwarded", NS.forward)?.child("iq", NS.client);
}

/** XEP-0355 4.3: an answer to this request, and to nobody else. */
function answers(inner: Element, { stanza, from, to }: Packet): boolean {
  const answered = inner.attr("from");
  const isFromThere = answered === undefined || Jid.tryParse(answered)?.full === to.full;
  const isForIt = Jid.tryParse(inner.attr("to") ?? "")?.full === from.full;
  return isFromThere && isForIt && inner.attr("id") === stanza.id && inner.attr("type") === "result";
}

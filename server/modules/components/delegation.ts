import type { Delegation } from "../../core/component-rights.ts";
import type { ModuleContext } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import type { ExternalComponent } from "./external-component.ts";
import { NS_DELEGATION } from "./namespaces.ts";
import { announcement } from "./privileges.ts";

const answerMs = 60_000;
/** Requests that wait for one component. */
const maxWaiting = 1000;
/** Features and identities that it may add to those of the host. */
const maxTold = 200;

/** Has a component answer requests for its host and the accounts there (XEP-0355 4). */
export function delegate(
  ctx: ModuleContext<unknown>,
  component: ExternalComponent,
  delegations: readonly Delegation[],
): void {
  if (delegations.length === 0) return;
  const { core, host } = ctx;
  const byNamespace = new Map(delegations.map(({ namespace, attributes }) => [namespace, attributes]));
  let waiting = 0;

  const forward = async (packet: Packet): Promise<void> => {
    waiting += 1;
    try {
      packet.origin.answer(await answerOf(packet));
    } catch (error) {
      if (!(error instanceof StanzaError)) throw error;
      core.router.bounce(packet, error);
    } finally {
      waiting -= 1;
    }
  };

  const answerOf = async (packet: Packet): Promise<Stanza> => {
    const forwarded = el("forwarded", NS.forward, undefined, packet.stanza.element);
    const payload = el("delegation", NS_DELEGATION, undefined, forwarded);
    const request = el("iq", NS.client, { type: "set", from: host.name, to: component.domain }, payload);
    const reply = await core.router.ask(Stanza.from(request), answerMs);
    const inner = reply?.type === "result" ? innerOf(reply) : undefined;
    if (inner === undefined || !answers(inner, packet)) throw StanzaError.of("service-unavailable");
    return Stanza.from(inner).with({ from: packet.to.full });
  };

  const take = (packet: Packet): "handled" | undefined => {
    const { stanza, from, origin } = packet;
    if (stanza.type !== "get" && stanza.type !== "set") return undefined;
    const payload = stanza.payload;
    const attributes = payload === undefined ? undefined : byNamespace.get(payload.ns);
    // XEP-0355 4.3.1: what the component itself asks for is for the server.
    if (attributes === undefined || from.domain === component.domain || origin === component.asked.origin)
      return undefined;
    if (!attributes.every((name) => payload!.attr(name) !== undefined)) return undefined;
    if (component.connection === null || waiting >= maxWaiting)
      core.router.bounce(packet, StanzaError.of("service-unavailable"));
    else forward(packet).catch((error: unknown) => ctx.log.error("a delegation failed", { error: String(error) }));
    return "handled";
  };
  ctx.hook("iq/host", take);
  ctx.hook("iq/bare", take);
  ctx.feature(NS_DELEGATION);

  let told: (() => void)[] = [];
  const untell = (): void => {
    for (const remove of told.splice(0)) remove();
  };
  /** XEP-0355 7.2: what it has to offer there is told of the host and its accounts as well. */
  const nest = async (of: "host" | "account", node: string): Promise<void> => {
    const query = el("query", NS.discoInfo, { node });
    const iq = el("iq", NS.client, { type: "get", from: host.name, to: component.domain }, query);
    const { connection } = component;
    const reply = await core.router.ask(Stanza.from(iq), answerMs);
    if (reply?.type !== "result" || component.connection !== connection || ctx.signal.aborted) return;
    const info = reply.child("query", NS.discoInfo);
    for (const feature of info?.elements("feature").slice(0, maxTold) ?? []) {
      const name = feature.attr("var") ?? "";
      if (name !== "") told.push(host.addFeature(of, name));
    }
    for (const identity of info?.elements("identity").slice(0, maxTold) ?? []) {
      const [category = "", type = "", name] = ["category", "type", "name"].map((key) => identity.attr(key));
      if (category !== "" && type !== "")
        told.push(host.addIdentity(of, { category, type, ...(name === undefined ? {} : { name }) }));
    }
  };
  component.follow(() => {
    component.send(announcement(component, el("delegation", NS_DELEGATION, undefined, ...delegations.map(delegated))));
    untell();
    for (const { namespace } of delegations) {
      for (const [of, separator] of [
        ["host", "::"],
        ["account", ":bare:"],
      ] as const)
        void nest(of, `${NS_DELEGATION}${separator}${namespace}`);
    }
  }, untell);
  ctx.onStop(untell);
}

function delegated({ namespace, attributes }: Delegation): Element {
  const filters = attributes.map((name) => el("attribute", NS_DELEGATION, { name }));
  return el("delegated", NS_DELEGATION, { namespace }, ...filters);
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

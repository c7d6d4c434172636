import { type Delegation, isRemainingDisco } from "../../core/component-rights.ts";
import type { ModuleContext } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { ExternalComponent } from "./external-component.ts";
import { ManagingEntity } from "./managing-entity.ts";
import { NS_DELEGATION } from "./namespaces.ts";
import { nestDisco } from "./nested-disco.ts";
import { announcement } from "./privileges.ts";
import { delegateRemainingDisco } from "./remaining-disco.ts";

const answerMs = 60_000;

/** Has a component answer requests for its host and the accounts there (XEP-0355 4). */
export function delegate(
  ctx: ModuleContext<unknown>,
  component: ExternalComponent,
  delegations: readonly Delegation[],
): void {
  if (delegations.length === 0) return;
  const { core } = ctx;
  const managing = new ManagingEntity(core, component);
  const namespaces = delegations.filter(({ namespace }) => !isRemainingDisco(namespace));
  const byNamespace = new Map(namespaces.map((delegation) => [delegation.namespace, delegation]));

  const forward = async (packet: Packet): Promise<void> => {
    try {
      packet.origin.answer(await managing.answer(packet, answerMs));
    } catch (error) {
      if (!(error instanceof StanzaError)) throw error;
      core.router.bounce(packet, error);
    }
  };
  const take = (packet: Packet): "handled" | undefined => {
    const { payload, type } = packet.stanza;
    if ((type !== "get" && type !== "set") || payload === undefined) return undefined;
    const delegation = byNamespace.get(payload.ns);
    if (delegation === undefined || !managing.isFor(delegation, packet)) return undefined;
    forward(packet).catch((error: unknown) => ctx.log.error("a delegation failed", { error: String(error) }));
    return "handled";
  };
  if (byNamespace.size > 0) {
    ctx.hook("iq/host", take);
    ctx.hook("iq/bare", take);
  }
  for (const delegation of delegations) delegateRemainingDisco(ctx, managing, delegation);
  ctx.feature(NS_DELEGATION);

  const told = el("delegation", NS_DELEGATION, undefined, ...delegations.map(delegated));
  component.follow(() => component.send(announcement(component, told)));
  nestDisco(ctx, component, [...byNamespace.keys()]);
}

function delegated({ namespace, attributes }: Delegation): Element {
  const filters = attributes.map((name) => el("attribute", NS_DELEGATION, { name }));
  return el("delegated", NS_DELEGATION, { namespace }, ...filters);
}

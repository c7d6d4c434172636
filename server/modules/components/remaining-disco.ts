import { type Delegation, remainingDisco } from "../../core/component-rights.ts";
import type { ModuleContext } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import type { Element } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { ManagingEntity } from "./managing-entity.ts";

/** Somebody waits for the whole answer of service discovery: less than a handler has for its part. */
const answerMs = 25_000;
/** After everybody here who may know the node. */
const afterOthers = 90;
/** XEP-0355 7.2.5: nodes of an account are not listed beside those of the component. */
const beforeOthers = 10;

/** Has a component answer for what nobody here knows below an account (XEP-0355 7.2.4, 7.2.5). */
export function delegateRemainingDisco(
  ctx: ModuleContext<unknown>,
  managing: ManagingEntity,
  delegation: Delegation,
): void {
  const { namespace } = delegation;
  if (namespace !== remainingDisco.info && namespace !== remainingDisco.items) return;
  const delegated = namespace === remainingDisco.info ? "info" : "items";
  const contents = async (packet: Packet): Promise<readonly Element[] | StanzaError> => {
    try {
      return (await managing.answer(packet, answerMs)).payload?.elements() ?? [];
    } catch (error) {
      if (error instanceof StanzaError) return error;
      throw error;
    }
  };
  const ask = (packet: Packet): ReturnType<typeof contents> | undefined =>
    managing.isFor(delegation, packet) ? contents(packet) : undefined;
  ctx.hook(
    "disco/node",
    ({ packet, what }) =>
      what === delegated && packet.host === ctx.host && packet.to.local !== "" ? ask(packet) : undefined,
    afterOthers,
  );
  if (delegated === "items") ctx.hook("disco/account-items", ({ packet }) => ask(packet), beforeOthers);
}

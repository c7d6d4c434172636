import type { ModuleContext } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { NS_RETRACT, type Retractions } from "./retraction.ts";

/** Hears of retractions on their way, on both sides of a conversation, behind whoever has kept them. */
export function followRetractions(ctx: Pick<ModuleContext<unknown>, "core" | "hook">, retractions: Retractions): void {
  const { core } = ctx;
  const isRetraction = ({ stanza }: Packet): boolean => stanza.has("retract", NS_RETRACT);
  // The sender's next stanza waits: one search at a time.
  ctx.hook(
    "stanza/sent",
    (packet) => {
      if (packet.keptAs === undefined || !isRetraction(packet)) return undefined;
      return retractions.take(packet, { owner: packet.from, peer: packet.to.bare, isOwn: true });
    },
    91,
  );
  // Below a bare JID that is no account of ours there may be different people: occupants of a room.
  const retractFrom = (packet: Packet): void => {
    const { from, to } = packet;
    const peer = core.hosts.get(from.domain) === undefined ? from.full : from.bare;
    void retractions.take(packet, { owner: to, peer, isOwn: false });
  };
  ctx.hook("message/delivered", ({ packet, kept }) => {
    if (kept !== undefined && isRetraction(packet)) retractFrom(packet);
  });
  ctx.hook(
    "message/offline",
    ({ packet, kept }) => {
      if (kept !== undefined && isRetraction(packet)) retractFrom(packet);
      return undefined;
    },
    49,
  );
}

import { z } from "zod";
import { defineModule } from "../core/module.ts";
import type { Packet } from "../core/router.ts";
import type { Session } from "../core/session.ts";

const NODE = "urn:xmpp:mds:displayed:0";
const name = "displayed-sync";
/** Before whoever keeps, copies or forwards what is sent. */
const first = 5;

export const displayedSync = defineModule({
  name,
  summary: "Takes from a message how far its sender has read, and tells the sender's other devices.",
  xeps: [{ number: 490, version: "1.0.1" }],
  requires: ["pep"],
  options: z.strictObject({}),
  start(ctx) {
    const { core, host } = ctx;
    const required = { "pubsub#access_model": "whitelist" };
    const options = {
      ...required,
      "pubsub#persist_items": "true",
      "pubsub#max_items": "max",
      "pubsub#send_last_published_item": "never",
    };

    ctx.feature("urn:xmpp:mds:server-assist:0", "account");
    ctx.hook(
      "stanza/sent",
      (packet) => {
        const { origin, stanza } = packet;
        if (stanza.kind !== "message" || origin.session === null || !stanza.has("displayed", NODE)) return undefined;
        return assist(packet, origin.session);
      },
      first,
    );

    /** XEP-0490 4.3: the element is published under the message's address, and the rest goes on its way. */
    const assist = (packet: Packet, session: Session): "drop" | Promise<"drop"> => {
      const { stanza, to } = packet;
      const displayed = stanza.child("displayed", NODE)!;
      if (displayed.child("stanza-id", "urn:xmpp:sid:0") !== undefined && stanza.type !== "error") {
        const items = [{ id: to.full, payload: String(displayed) }];
        const wish = { user: session.bare, node: NODE, items, retract: [], options, required, by: name };
        // An acknowledgement of the message says that this is kept as well.
        session.awaitCommit(Promise.resolve(host.hooks.fire("pep/publish", wish)));
      }
      const routed = core.router.fromSession(
        session,
        stanza.without((child) => child.is("displayed", NODE)),
      );
      return routed === undefined ? "drop" : routed.then(() => "drop" as const);
    };
  },
});

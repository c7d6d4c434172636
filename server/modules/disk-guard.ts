import { z } from "zod";
import { defineModule } from "../core/module.ts";
import { StanzaError } from "../xmpp/errors.ts";

/** Before anybody keeps something of it. */
const first = 5;

export const diskGuard = defineModule({
  name: "disk-guard",
  summary: "Refuses messages while the disk is full, rather than lose one that was taken.",
  xeps: [],
  rfcs: ["RFC 6120 8.3.3.18"],
  options: z.strictObject({}),
  start({ core, hook }) {
    hook(
      "stanza/sent",
      (packet) => {
        if (!core.disk.isFull || packet.stanza.kind !== "message") return undefined;
        core.router.bounce(packet, StanzaError.of("resource-constraint", "the server has no room", { type: "wait" }));
        return "drop";
      },
      first,
    );
  },
});

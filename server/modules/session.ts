import { z } from "zod";
import { defineModule } from "../core/module.ts";
import { el } from "../xmpp/element.ts";
import { NS } from "../xmpp/namespaces.ts";

/** The session request of RFC 3921, which has no meaning any more and which old clients still make. */
export const session = defineModule({
  name: "session",
  summary: "Answers the session request of old clients.",
  xeps: [],
  rfcs: ["RFC 3921 3"],
  options: z.strictObject({}),
  start(context) {
    context.streamFeature({
      name: "session",
      order: 70,
      handles: [],
      offer(stream) {
        if (stream.account === null || stream.session !== null) return undefined;
        return el("session", NS.session, undefined, el("optional", NS.session));
      },
      handle() {},
    });
    for (const address of ["host", "account"] as const) context.iq(address, "set", [NS.session, "session"], () => null);
  },
});

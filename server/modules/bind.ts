import { z } from "zod";
import { defineModule } from "../core/module.ts";
import { el } from "../xmpp/element.ts";
import { StanzaError } from "../xmpp/errors.ts";
import { NS } from "../xmpp/namespaces.ts";
import { resultReply } from "../xmpp/reply.ts";

const Options = z.strictObject({
  conflict: z
    .enum(["closeold", "closenew", "setresource"])
    .default("closeold")
    .describe("Two sessions want one resource: close the old one, refuse the new one, or give it another resource."),
});

/** Binding of a resource to an authenticated stream (RFC 6120 7). */
export const bind = defineModule({
  name: "bind",
  summary: "Gives each login its full address.",
  xeps: [],
  rfcs: ["RFC 6120 7"],
  options: Options,
  start(context) {
    const { conflict } = context.options;
    context.streamFeature({
      name: "bind",
      order: 60,
      handles: [[NS.bind, "bind"]],
      offer: ({ account, session }) => (account === null || session !== null ? undefined : el("bind", NS.bind)),
      handle(stream, iq) {
        if (stream.account === null) throw StanzaError.of("not-authorized");
        if (iq.type !== "set" || iq.children.length !== 1) throw StanzaError.of("bad-request");
        const resource = iq.child("bind", NS.bind)?.childText("resource") ?? "";
        return stream.bind(resource, conflict, (session) => {
          const jid = el("jid", NS.bind, undefined, session.jid.full);
          session.sendNow(resultReply(iq, el("bind", NS.bind, undefined, jid)));
        });
      },
    });
    // RFC 6120 7.1: one resource per stream; a bound client asks in vain for another.
    for (const address of ["host", "account"] as const) {
      context.iq(address, "set", [NS.bind, "bind"], () => {
        throw StanzaError.of("not-allowed", "a resource is bound already");
      });
    }
  },
});

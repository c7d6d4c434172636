import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import type { Session } from "../../core/session.ts";
import { withoutStanzaId, withStanzaId } from "../../core/stanza-id.ts";
import { el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { forwardedText } from "../../xmpp/forwarded.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { isCopied, NS_CARBONS } from "./rule.ts";

/** Sessions that want copies. It outlives the module's restarts, as they do. */
const wanting = new WeakSet<Session>();

export const carbons = defineModule({
  name: "carbons",
  summary: "Shows all clients of an account both sides of its conversations.",
  xeps: [{ number: 280, version: "1.0.1" }],
  requires: ["message"],
  options: z.strictObject({}),
  start(ctx) {
    const { core } = ctx;
    ctx.feature(NS_CARBONS);
    ctx.feature("urn:xmpp:carbons:rules:0");

    for (const [name, isWanted] of [
      ["enable", true],
      ["disable", false],
    ] as const) {
      ctx.iq("account", "set", [NS_CARBONS, name], (_, packet) => {
        const { session } = packet.origin;
        if (session === null || packet.to.bare !== session.bare.bare) throw StanzaError.of("not-allowed");
        if (isWanted) wanting.add(session);
        else wanting.delete(session);
        return null;
      });
    }

    ctx.sessionFeature({
      name: "carbons",
      var: NS_CARBONS,
      handles: [[NS_CARBONS, "enable"]],
      enable(session) {
        wanting.add(session);
        return undefined;
      },
    });

    // After whoever may drop it, and after the archive has named it.
    ctx.hook(
      "stanza/sent",
      (packet) => {
        const { stanza, from, to, origin } = packet;
        if (stanza.kind !== "message") return undefined;
        const sessions = core.sessions.of(from);
        // What somebody sends to the own account is delivered there.
        if (sessions.length === 1 || to.bare === from.bare) return undefined;
        if (!sessions.some((other) => other !== origin.session && wanting.has(other))) return undefined;
        if (!isCopied(stanza, { isIncoming: false, isToFull: to.resource !== "" })) return undefined;
        const text = sentText(packet);
        for (const other of sessions) {
          if (other !== origin.session && wanting.has(other)) other.send(copy("sent", stanza, other, text));
        }
        return undefined;
      },
      95,
    );
    ctx.hook("message/delivered", ({ packet, stanza, wasGiven, refused }) => {
      const { to, origin } = packet;
      const sessions = core.sessions.of(to);
      const isMissing = (session: Session): boolean =>
        wanting.has(session) && session !== origin.session && !wasGiven(session);
      if (sessions.length === 1 || !sessions.some(isMissing)) return;
      if (!isCopied(stanza, { isIncoming: true, isToFull: to.resource !== "", refused })) return;
      const text = stanza.toString();
      for (const session of sessions) if (isMissing(session)) session.send(copy("received", stanza, session, text));
    });
  },
});

/** The message with the id that its sender's account keeps it under, which no client may make up. */
function sentText({ stanza, from, keptAs }: Packet): string {
  const genuine = withoutStanzaId(stanza, from.bare);
  return (keptAs === undefined ? genuine : withStanzaId(genuine, from.bare, keptAs)).toString();
}

/** XEP-0280 7, 8: the same type, from the bare to the full address of the account. */
function copy(name: "sent" | "received", { type }: Stanza, session: Session, text: string): Stanza {
  const wrapper = el("message", NS.client, { to: session.jid.full, from: session.bare.bare, type });
  const xml = `<${name} xmlns='${NS_CARBONS}'>${forwardedText(text, null)}</${name}>`;
  return Stanza.from(wrapper).appendWritten(name, NS_CARBONS, xml);
}

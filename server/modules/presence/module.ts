import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import type { Session } from "../../core/session.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { Broadcast, noContacts } from "./broadcast.ts";
import { withoutForgery } from "./forgery.ts";
import { priorityOf } from "./priority.ts";
import { answerProbe } from "./probe.ts";

/** RFC 6121 4.7.1; no type at all says available. */
const types: ReadonlySet<string | undefined> = new Set([
  undefined,
  "unavailable",
  "probe",
  "error",
  "subscribe",
  "subscribed",
  "unsubscribe",
  "unsubscribed",
]);

export const presence = defineModule({
  name: "presence",
  summary: "Tells contacts who is available.",
  xeps: [],
  rfcs: ["RFC 6121 4, 8.5"],
  options: z.strictObject({
    max_directed: z
      .int()
      .min(0)
      .max(100_000)
      .default(1000)
      .describe("Entities that one session may send directed presence to."),
  }),
  start(ctx) {
    const { core, options } = ctx;
    const broadcast = new Broadcast(core);

    /** Presence without `to`: for everybody who is subscribed. */
    const ownPresence = (session: Session, packet: Packet): "handled" | Promise<"handled"> => {
      const stanza = withoutForgery(packet.stanza, core.hosts);
      const priority = stanza.type === undefined ? priorityOf(stanza) : 0;
      if (priority === undefined) {
        core.router.bounce(packet, StanzaError.of("bad-request", "the priority is no integer from -128 to 127"));
        return "handled";
      }
      if (stanza.type !== undefined && stanza.type !== "unavailable") return "handled";
      const contacts = session.host.hooks.fire("roster/contacts", { user: session.bare });
      const announce = (found = noContacts): "handled" => {
        if (stanza.type === undefined) broadcast.available(session, stanza, priority, found);
        else broadcast.unavailable(session, stanza, found);
        return "handled";
      };
      return contacts instanceof Promise ? contacts.then(announce) : announce(contacts);
    };

    ctx.hook("stanza/sent", (packet) => {
      const { stanza, to } = packet;
      if (stanza.kind !== "presence") return undefined;
      if (!types.has(stanza.type)) {
        core.router.bounce(packet, StanzaError.of("bad-request", "there is no such type of presence"));
        return "drop";
      }
      const { session } = packet.origin;
      if (session === null || stanza.to === undefined) return undefined;
      if (stanza.type === "unavailable") session.directed?.delete(to.full);
      if (stanza.type !== undefined) return undefined;
      session.directed ??= new Map();
      if (session.directed.size >= options.max_directed && !session.directed.has(to.full)) {
        core.router.bounce(packet, StanzaError.of("resource-constraint", "too much directed presence"));
        return "drop";
      }
      session.directed.set(to.full, to);
      return undefined;
    });

    const genuineOf = ({ stanza, origin }: Packet): Stanza =>
      origin.session === null ? stanza : withoutForgery(stanza, core.hosts);
    ctx.hook("presence/bare", (packet) => {
      const { stanza, to, origin } = packet;
      if (stanza.to === undefined && origin.session !== null) return ownPresence(origin.session, packet);
      if (stanza.type === "probe") return answerProbe(packet, core);
      if (stanza.type === undefined || stanza.type === "unavailable") {
        const genuine = genuineOf(packet);
        for (const session of core.sessions.of(to)) if (session.isAvailable) session.send(genuine);
      }
      return "handled";
    });
    ctx.hook("presence/full", (packet) => {
      const { stanza, to } = packet;
      if (stanza.type === "probe") return answerProbe(packet, core);
      core.sessions.find(to)?.send(genuineOf(packet));
      return "handled";
    });
    ctx.hook("presence/host", () => "handled");

    ctx.hook("session/closed", ({ session }) => {
      if (session.presence === null && session.directed === null) return undefined;
      const contacts = session.host.hooks.fire("roster/contacts", { user: session.bare });
      const announce = (found = noContacts): undefined => broadcast.unavailable(session, null, found);
      return contacts instanceof Promise ? contacts.then(announce) : announce(contacts);
    });
  },
});

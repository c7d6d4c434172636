import { z } from "zod";
import { defineModule } from "../core/module.ts";
import type { Session } from "../core/session.ts";
import { el } from "../xmpp/element.ts";
import { StanzaError, StreamError } from "../xmpp/errors.ts";
import { NS } from "../xmpp/namespaces.ts";
import { Stanza } from "../xmpp/stanza.ts";

const secondMs = 1000;

export const ping = defineModule({
  name: "ping",
  summary: "Answers pings, and asks silent clients whether they are still there.",
  xeps: [{ number: 199, version: "2.0.1" }],
  options: z.strictObject({
    idle_seconds: z.int().min(0).max(86_400).default(0).describe("Silence after which a client is pinged; 0: never."),
    timeout_seconds: z.int().min(1).max(3600).default(30).describe("Time to answer before the stream is closed."),
  }),
  start(ctx) {
    const { core, host, options } = ctx;
    ctx.feature(NS.ping, ["host", "account", "service"]);
    ctx.iq(["host", "service"], "get", [NS.ping, "ping"], () => null);
    ctx.iq("account", "get", [NS.ping, "ping"], (_, { from, to }) => {
      if (from.bare !== to.bare) throw StanzaError.of("service-unavailable");
      return null;
    });
    if (options.idle_seconds === 0) return;

    const idleMs = options.idle_seconds * secondMs;
    const timeoutMs = options.timeout_seconds * secondMs;
    const pingedAt = new WeakMap<Session, number>();
    const query = el("ping", NS.ping);
    const sweep = (): void => {
      const now = core.clock.now();
      const silent = [...core.sessions.all()].filter(
        (session) => session.host === host && session.detachedAt === null && now - session.lastActive >= idleMs,
      );
      for (const session of silent) {
        const asked = pingedAt.get(session);
        if (asked === undefined || asked < session.lastActive) {
          pingedAt.set(session, now);
          const attrs = { from: host.name, to: session.jid.full, type: "get", id: `ping-${session.id}` };
          session.send(Stanza.from(el("iq", NS.client, attrs, query)));
        } else if (now - asked >= timeoutMs) {
          session.close(new StreamError("connection-timeout", "a ping was not answered"));
        }
      }
    };
    ctx.every(Math.min(idleMs, timeoutMs), sweep);
  },
});

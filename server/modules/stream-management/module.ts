import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import type { NegotiatingStream } from "../../core/negotiation.ts";
import { endSession } from "../../core/session-end.ts";
import type { Session } from "../../core/session.ts";
import { el, type Element } from "../../xmpp/element.ts";
import { StanzaError, type StanzaCondition, StreamError } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { errorReply } from "../../xmpp/reply.ts";
import { parseCount } from "../../xmpp/stanza-count.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { Keeper, type Keeping, NS_SM } from "./keeper.ts";
import { type Attributes, Resumption } from "./resumption.ts";

const offer = el("sm", NS_SM);
const lookEveryMs = 1_000;
/** @xmpp/client sets its count to zero a moment after it has read `<enabled/>`: what it reads with it would be miscounted. */
const apartMs = 100;

export const streamManagement = defineModule({
  name: "stream-management",
  summary: "Makes sure of what arrived, and lets clients that lost their connection go on where they were.",
  xeps: [{ number: 198, version: "1.6.3", note: "Sessions are not resumed over a restart of the server." }],
  requires: ["bind"],
  options: z.strictObject({
    resume_seconds: z
      .int()
      .min(0)
      .max(86_400)
      .default(300)
      .describe(
        "Time that a client has to come back to its session; it may ask for less. 0: sessions are not resumed.",
      ),
    max_queue: z
      .int()
      .min(10)
      .max(100_000)
      .default(1000)
      .describe("Unconfirmed stanzas kept for a session; past that it ends, and its messages take their other ways."),
    max_queue_bytes: z
      .int()
      .min(65_536)
      .max(1e9)
      .default(4 * 1024 * 1024)
      .describe("Size of the unconfirmed stanzas kept for a session."),
    ack_every: z
      .int()
      .min(1)
      .max(1000)
      .default(20)
      .describe("Stanzas after which the server asks what has arrived; after a second it asks in any case."),
  }),
  start(ctx) {
    const { core, host, options } = ctx;
    const keeping: Keeping = {
      core,
      maxQueue: options.max_queue,
      maxBytes: options.max_queue_bytes,
      ackEvery: options.ack_every,
      waiting: new Set(),
    };
    const resumption = new Resumption(core, keeping.waiting);
    const sessions = (): Session[] => [...core.sessions.all()].filter((session) => session.host === host);

    /** Makes the keeper of a session, and what tells the client of it. */
    const keeperFor = (session: Session, nonza: Attributes): { keeper: Keeper; enabled: Element } => {
      const isWanted = nonza.attr("resume") === "true" || nonza.attr("resume") === "1";
      const wantedSeconds = parseCount(nonza.attr("max")) ?? options.resume_seconds;
      const seconds = isWanted ? Math.min(wantedSeconds, options.resume_seconds) : 0;
      const keeper = new Keeper(session, keeping, seconds * 1000);
      const resume = seconds > 0 ? { id: keeper.id, resume: "true", max: String(seconds) } : undefined;
      return { keeper, enabled: el("enabled", NS_SM, resume) };
    };
    const enable = (stream: NegotiatingStream, nonza: Stanza): void => {
      const { session } = stream;
      if (session === null || session.keeper !== null) {
        fail(stream, "unexpected-request");
        return;
      }
      const { keeper, enabled } = keeperFor(session, nonza);
      stream.send(enabled);
      stream.flushApart(apartMs);
      session.keeper = keeper;
    };
    const send = (stream: NegotiatingStream) => (resumed: Element) => stream.send(resumed);

    const handle = (stream: NegotiatingStream, nonza: Stanza): void | Promise<void> => {
      if (nonza.name === "enable") return enable(stream, nonza);
      if (nonza.name === "resume") {
        return options.resume_seconds === 0
          ? fail(stream, "feature-not-implemented")
          : resumption.resume(stream, nonza, send(stream)).then((failure) => {
              if (failure !== undefined) fail(stream, failure.condition, failure.handled);
            });
      }
      const keeper = stream.session?.keeper;
      if (!(keeper instanceof Keeper)) return fail(stream, "unexpected-request");
      if (nonza.name === "r") return keeper.answer();
      const h = parseCount(nonza.attr("h"));
      if (h === undefined) throw new StreamError("bad-format", "an acknowledgement without a count");
      keeper.confirm(h);
    };

    ctx.streamFeature({
      name: "stream-management",
      order: 65,
      handles: ["enable", "resume", "r", "a"].map((name) => [NS_SM, name] as const),
      // After a login that has enabled it, there is nothing left to negotiate.
      offer: ({ account, session }) =>
        account === null || (session !== null && session.keeper !== null) ? undefined : offer,
      handle,
    });
    ctx.sessionFeature({
      name: "stream-management",
      var: NS_SM,
      handles: [[NS_SM, "enable"]],
      enable(session, request) {
        const { keeper, enabled } = keeperFor(session, request);
        session.keeper = keeper;
        return enabled;
      },
    });
    ctx.inlineFeature({
      name: "stream-management",
      order: 10,
      handles: [NS_SM, "resume"],
      offer: () => (options.resume_seconds === 0 ? undefined : offer),
      async perform(login, request) {
        const failure = await resumption.resume(login.stream, request, (resumed) => {
          login.add(resumed);
          login.finish(true);
        });
        if (failure !== undefined) login.add(failed(failure.condition, failure.handled));
      },
    });
    ctx.hook("session/detached", ({ session }) => resumption.detached(session));
    ctx.hook("session/closed", ({ session }) => {
      const { keeper } = session;
      if (!(keeper instanceof Keeper)) return;
      resumption.closed(keeper);
      // RFC 6120 10.5.4: whoever asked is not left waiting. Messages are the message module's.
      for (const { stanza } of keeper.unconfirmed) {
        const isAsking = stanza.kind === "iq" && (stanza.type === "get" || stanza.type === "set");
        if (!isAsking || stanza.to === undefined || !stanza.from?.includes("/")) continue;
        void core.router.send(errorReply(stanza, StanzaError.of("service-unavailable")));
      }
    });
    ctx.every(lookEveryMs, () => {
      const now = core.clock.now();
      for (const keeper of [...keeping.waiting]) {
        if (!resumption.giveUp(keeper, now)) keeper.look(now);
      }
    });

    // Those who enabled it before the options changed.
    for (const { keeper } of sessions()) {
      if (!(keeper instanceof Keeper)) continue;
      keeper.keeping = keeping;
      keeping.waiting.add(keeper);
    }
    ctx.onStop(() => {
      for (const session of sessions()) {
        if (session.detachedAt !== null) endSession(core, session, "stream management was switched off or changed");
      }
    });
  },
});

function fail(stream: NegotiatingStream, condition: StanzaCondition, handled?: number): void {
  stream.send(failed(condition, handled));
}

function failed(condition: StanzaCondition, handled?: number): Element {
  const h = handled === undefined ? undefined : String(handled);
  return el("failed", NS_SM, { h }, el(condition, NS.stanzas));
}

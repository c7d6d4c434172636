import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Host } from "../../core/host.ts";
import { defineModule } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { StanzaError, StreamError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { errorReply } from "../../xmpp/reply.ts";
import { SaslError, type SaslMechanism } from "./mechanism.ts";

const mechanismName = "ANONYMOUS";
const maxTraceBytes = 1020;

/** How many guests a host may still take in. */
const roomOn = new WeakMap<Host, () => number>();

/** RFC 4505: a name of its own for everybody. The trace that a client may send is not used for anything (XEP-0175 3). */
export const anonymousMechanism: SaslMechanism = {
  name: mechanismName,
  revealsPassword: false,
  isPlus: false,
  isPossible: ({ host }) => roomOn.has(host),
  start: (context) => ({
    step(message) {
      if (message.length > maxTraceBytes) throw new SaslError("malformed-request");
      const account = Jid.of(randomUUID(), context.host);
      context.identified(account);
      return { kind: "success", account, isGuest: true };
    },
  }),
};

/** Requests to the server that change nothing but the session. */
const sessionRequests: ReadonlySet<string> = new Set([
  "urn:xmpp:carbons:2 enable",
  "urn:xmpp:carbons:2 disable",
  `${NS.session} session`,
]);

/** Lets people in who have no account (XEP-0175), to talk to what is on this host. */
export const anonymous = defineModule({
  name: "anonymous",
  summary: "Lets guests in without an account; they can reach this server only, and nothing of theirs is kept.",
  xeps: [
    {
      number: 175,
      version: "1.2",
      status: "partial",
      note: "Guests have no contacts and store nothing; their bare address says nothing of what it is.",
    },
  ],
  requires: ["sasl"],
  enabledByDefault: false,
  options: z.strictObject({
    max_guests: z.int().min(1).max(1_000_000).default(1000).describe("Guests at a time on one host."),
    may_reach_others: z.boolean().default(false).describe("Whether guests may write to other servers."),
  }),
  start(ctx) {
    const { core, host, options } = ctx;
    let guests = 0;
    for (const session of core.sessions.all()) if (session.host === host && isGuest(session)) guests += 1;
    roomOn.set(host, () => options.max_guests - guests);
    ctx.onStop(() => roomOn.delete(host));

    ctx.hook("session/bound", ({ session }) => {
      if (!isGuest(session)) return;
      guests += 1;
      // Of those that were let in at the same time.
      if (guests > options.max_guests)
        session.close(new StreamError("resource-constraint", "there are too many guests"));
    });
    ctx.hook("session/closed", ({ session }) => {
      if (isGuest(session)) guests -= 1;
    });
    ctx.hook(
      "stanza/sent",
      (packet) => {
        const { session } = packet.origin;
        if (session === null || !isGuest(session)) return undefined;
        const refusal = refusalOf(
          packet,
          options.may_reach_others || core.hosts.entity(packet.to.domain) !== undefined,
        );
        if (refusal === null) return undefined;
        const { type } = packet.stanza;
        if (type !== "error" && type !== "result") packet.origin.answer(errorReply(packet.stanza, refusal));
        return "drop";
      },
      5,
    );
  },
});

/** Whether another guest may come in. Throws SaslError. */
export function checkRoom(host: Host): void {
  const room = roomOn.get(host);
  if (room === undefined) throw new SaslError("invalid-mechanism");
  if (room() <= 0) throw new SaslError("temporary-auth-failure", "there are too many guests");
}

function isGuest({ mechanism }: { readonly mechanism: string }): boolean {
  return mechanism === mechanismName;
}

/** XEP-0175 3: no other servers, no relationships, nothing to be kept. null: it may go. */
function refusalOf({ stanza, from, to }: Packet, isNear: boolean): StanzaError | null {
  if (!isNear) return StanzaError.of("not-allowed", "guests can reach this server only");
  if (stanza.kind === "presence") {
    const isSubscription = stanza.type?.includes("subscribe") === true;
    return isSubscription ? StanzaError.of("not-allowed", "guests have no contacts") : null;
  }
  if (stanza.kind !== "iq" || stanza.type !== "set" || to.resource !== "") return null;
  const isOfServer = to.bare === from.bare || to.domain === from.domain;
  const { payload } = stanza;
  if (!isOfServer || (payload !== undefined && sessionRequests.has(`${payload.ns} ${payload.name}`))) return null;
  return StanzaError.of("not-allowed", "nothing is kept for guests");
}

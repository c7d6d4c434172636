import type { Core } from "../../core/core.ts";
import type { StreamFeature } from "../../core/module.ts";
import { invitationsOf } from "../../features/invitations.ts";
import { anyInvite, decide, policyFacts } from "../../features/registration/registration.ts";
import { el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { resultReply } from "../../xmpp/reply.ts";

export const PREAUTH = "urn:xmpp:pars:0";
const NS_TOKEN = "urn:xmpp:ibr-token:0";
/** Before registration itself, whose feature has 30. */
const order = 29;

/** Registration by those who were invited: the token comes first (XEP-0445). */
export function registrationFeature(core: Core, host: string): StreamFeature {
  const invitations = invitationsOf(core);
  const offer = el("register", NS_TOKEN);
  return {
    name: "invites",
    order,
    handles: [[PREAUTH, "preauth"]],
    offer(stream) {
      if (stream.account !== null) return undefined;
      const attempt = { host, address: stream.address, isSecure: stream.isSecure, local: "", invite: anyInvite };
      const facts = policyFacts(core, attempt);
      return decide(attempt, { ...facts, lastAt: null, isTaken: false }).allowed ? offer : undefined;
    },
    async handle(stream, iq) {
      if (stream.account !== null) throw StanzaError.of("unexpected-request");
      if (iq.type !== "set") throw StanzaError.of("bad-request");
      if (iq.to !== undefined && iq.to !== host) throw StanzaError.of("not-allowed");
      const token = iq.payload?.attr("token") ?? "";
      const found = await invitations.find(token, stream.address, host);
      if (found === "throttled")
        throw StanzaError.of("resource-constraint", "Too many attempts. Try again in a minute.");
      // Expiry is asked here and never again on this stream; being used up is asked again when the account is made.
      const isGood =
        found !== "unknown" && found.registers && found.host === host && invitations.stateOf(found) === "open";
      if (!isGood) throw StanzaError.of("item-not-found", "The provided token is invalid or expired.");
      invitations.show(stream, found);
      stream.send(resultReply(iq));
    },
  };
}

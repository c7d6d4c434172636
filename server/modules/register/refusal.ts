import type { RegistrationVerdict } from "../../features/registration/registration.ts";
import { StanzaError } from "../../xmpp/errors.ts";

/** The error that a refused registration gets (XEP-0077 3.1). It says what to do, not how the policy is written. */
export function refusal({ code, retryAfterSeconds }: RegistrationVerdict): StanzaError {
  switch (code) {
    case "exists":
      return StanzaError.of("conflict", "This name is taken.");
    case "bad-name":
      return StanzaError.of("not-acceptable", "This name cannot be used.");
    case "reserved-name":
      return StanzaError.of("not-acceptable", "This name is reserved.");
    case "weak-password":
      return StanzaError.of("not-acceptable", "This password is too weak.");
    case "rate-limited":
      return StanzaError.of(
        "resource-constraint",
        `An account was made from here already. Try again in ${retryAfterSeconds} s.`,
      );
    case "queue-full":
      return StanzaError.of("resource-constraint", "Too many applications wait for an admin. Try again later.");
    case "needs-invite":
      return StanzaError.of("not-allowed", "An account is made with an invitation here.");
    case "bad-invite":
      return StanzaError.of("not-allowed", "The invitation cannot be used any more.");
    case "network":
    case "access-rule":
      return StanzaError.of("forbidden", "Accounts cannot be made from here.");
    case "needs-tls":
      return StanzaError.of("policy-violation", "Accounts are made on encrypted streams only.");
    default:
      return StanzaError.of("not-allowed", "This server does not let people make accounts.");
  }
}

import { randomBytes } from "node:crypto";
import type { RegistrationPolicy } from "../../core/registration.ts";
import type { Router } from "../../core/router.ts";
import { el } from "../../xmpp/element.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";

function message(from: string, to: string, subject: string, body: string): Stanza {
  return Stanza.from(
    el(
      "message",
      NS.client,
      { from, to, type: "normal", id: randomBytes(9).toString("base64url") },
      subject === "" ? undefined : el("subject", NS.client, undefined, subject),
      el("body", NS.client, undefined, body),
    ),
  );
}

/** Greets a new user and tells those who watch registrations. The messages come from the host. */
export async function announce(
  router: Router,
  host: string,
  policy: RegistrationPolicy,
  user: Jid,
  address: string | null,
): Promise<void> {
  if (policy.welcome !== null && policy.welcome.body !== "")
    await router.send(message(host, user.bare, policy.welcome.subject, policy.welcome.body));
  for (const watcher of policy.watchers) {
    const to = Jid.tryParse(watcher);
    if (to === undefined) continue;
    const from = address === null ? "" : ` from ${address}`;
    await router.send(message(host, to.full, "New account", `${user.bare} was registered${from}.`));
  }
}

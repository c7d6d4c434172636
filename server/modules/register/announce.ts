import type { Router } from "../../core/router.ts";
import type { RegistrationPolicy } from "../../features/registration/registration.ts";
import { messageOfHost } from "../../features/registration/reply.ts";
import { Jid } from "../../xmpp/jid.ts";

/** Greets a new user and tells those who watch registrations. The messages come from the host. */
export async function announce(
  router: Router,
  host: string,
  policy: RegistrationPolicy,
  user: Jid,
  address: string | null,
): Promise<void> {
  if (policy.welcome !== null && policy.welcome.body !== "")
    await router.send(messageOfHost(host, user.bare, policy.welcome.subject, policy.welcome.body));
  const from = address === null ? "" : ` from ${address}`;
  await tellWatchers(router, host, policy, "New account", `${user.bare} was registered${from}.`);
}

/** Tells those who watch registrations that somebody waits for an admin. */
export async function announceApplication(
  router: Router,
  host: string,
  policy: RegistrationPolicy,
  user: Jid,
  address: string,
): Promise<void> {
  const text = `${user.bare} asks for an account from ${address} and waits for an admin.`;
  await tellWatchers(router, host, policy, "Application for an account", text);
}

async function tellWatchers(
  router: Router,
  host: string,
  { watchers }: RegistrationPolicy,
  subject: string,
  body: string,
): Promise<void> {
  for (const watcher of watchers) {
    const to = Jid.tryParse(watcher);
    if (to !== undefined) await router.send(messageOfHost(host, to.full, subject, body));
  }
}

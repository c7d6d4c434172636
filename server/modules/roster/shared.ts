import { setImmediate } from "node:timers/promises";
import type { Core } from "../../core/core.ts";
import type { SharedContacts } from "../../core/hooks.ts";
import type { ModuleContext } from "../../core/module.ts";
import { serverOrigin } from "../../core/router.ts";
import { el } from "../../xmpp/element.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import type { AccountRoster } from "./account-roster.ts";
import type { RosterBook } from "./book.ts";

/** Rosters of one turn. */
const slice = 50;

/** Keeps the rosters in memory to what groups add to them, and tells those who are online of what changes. */
export function followShared(
  { core, host, hook }: Pick<ModuleContext<unknown>, "core" | "host" | "hook">,
  book: RosterBook,
): void {
  const isOnline = ({ user }: AccountRoster): boolean => core.sessions.of(user).length > 0;
  hook("roster/shared-changed", async ({ users }) => {
    const rosters = users === null ? book.loaded() : users.flatMap((user) => book.inMemory(user) ?? []);
    const changes: [AccountRoster, SharedContacts | null][] = [];
    for (const [index, roster] of rosters.entries()) {
      // Ten thousand of them in one turn would keep everybody else waiting.
      if (index % slice === slice - 1) await setImmediate();
      const before = roster.shared;
      roster.shared = (await host.hooks.fire("roster/shared", { user: roster.user })) ?? null;
      if (isOnline(roster) && versionOf(before) !== versionOf(roster.shared)) changes.push([roster, before]);
    }
    // When all of them are as they are now: whoever comes to see somebody asks for their presence.
    for (const [roster, before] of changes) tell(core, book, roster, before);
    return undefined;
  });
}

const versionOf = (shared: SharedContacts | null): string => shared?.version ?? "";

function tell(core: Core, book: RosterBook, roster: AccountRoster, before: SharedContacts | null): void {
  const now = roster.shared?.items ?? new Map<string, never>();
  const changed: string[] = [];
  for (const [jid, item] of now) {
    const old = before?.items.get(jid);
    if (old === undefined || JSON.stringify(old) !== JSON.stringify(item)) changed.push(jid);
  }
  const gone = [...(before?.items.keys() ?? [])].filter((jid) => !now.has(jid));
  const pushed = [...gone, ...changed];
  // No two pushes have the same version (RFC 6121 2.6.3), and only the last one is one that the server knows again: if the stream
  // dies before, the client gets the whole roster.
  const current = roster.versionText();
  for (const [index, jid] of pushed.entries())
    book.push(roster, jid, index === pushed.length - 1 ? current : `${current}.${index}`);
  if (!core.sessions.of(roster.user).some(({ isAvailable }) => isAvailable)) return;
  for (const jid of changed) if (before?.items.has(jid) !== true) probe(core, roster.user, Jid.parse(jid));
  for (const jid of gone) if (!isSubscribed(roster, jid)) vanish(core, roster.user, Jid.parse(jid));
}

function isSubscribed(roster: AccountRoster, jid: string): boolean {
  const subscription = roster.own(jid)?.subscription;
  return subscription === "to" || subscription === "both";
}

function probe(core: Core, user: Jid, contact: Jid): void {
  if (core.sessions.of(contact).some(({ isAvailable }) => isAvailable)) route(core, "probe", user, contact);
}

/** To the user the contact is gone, whether it is online or not. */
function vanish(core: Core, user: Jid, contact: Jid): void {
  for (const session of core.sessions.of(contact))
    if (session.isAvailable) route(core, "unavailable", session.jid, user);
}

function route(core: Core, type: string, from: Jid, to: Jid): void {
  const stanza = Stanza.from(el("presence", NS.client, { from: from.full, to: to.full, type }));
  void core.router.route({ stanza, from, to, origin: serverOrigin, host: core.hosts.entity(to.domain) });
}

import type { Privileges } from "../../core/component-rights.ts";
import type { Contacts } from "../../core/hooks.ts";
import type { ModuleContext } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { el } from "../../xmpp/element.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { covers } from "./covers.ts";
import type { ExternalComponent } from "./external-component.ts";

/** Before those who deal with presence. */
const listeningPriority = 10;
/** Available resources that are remembered, so that each presence is told once. */
const maxKnown = 50_000;

/** Who is available on the host, and who of the contacts there, as a component hears it (XEP-0356 7). */
export function privilegedPresence(
  ctx: ModuleContext<unknown>,
  component: ExternalComponent,
  { presence, roster }: Privileges,
): void {
  if (presence === "none") return;
  const { core, host } = ctx;
  /** What was last heard of contacts, by their full address. */
  const known = new Map<string, Stanza>();

  const tell = (stanza: Stanza, from: Jid): undefined => {
    const told = stanza.with({ from: from.full, to: component.domain });
    if (stanza.type === "unavailable") {
      if (known.delete(from.full) || presence !== "roster") component.send(told);
      return;
    }
    if (known.get(from.full)?.toString() === told.toString()) return;
    if (presence === "roster" && (known.size < maxKnown || known.has(from.full))) known.set(from.full, told);
    component.send(told);
  };

  ctx.hook("presence/initial", ({ session, stanza }) => tell(stanza, session.jid));
  ctx.hook("presence/gone", ({ session, stanza }) =>
    tell(stanza ?? Stanza.from(el("presence", NS.client, { type: "unavailable" })), session.jid),
  );
  // XEP-0356 8: what it would know had it been there from the beginning.
  component.follow(() => {
    for (const session of core.sessions.all())
      if (session.host === host && session.presence !== null) tell(session.presence, session.jid);
    for (const stanza of known.values()) component.send(stanza);
  });
  if (presence !== "roster" || !covers(roster, "get")) return;

  const isContact = (contacts: Contacts | undefined, from: Jid): boolean => {
    const subscription = contacts?.item(from.bare)?.subscription;
    return subscription === "to" || subscription === "both";
  };
  const listen = ({ stanza, from, to }: Packet): undefined | Promise<undefined> => {
    const isPresence = stanza.type === undefined || stanza.type === "unavailable";
    if (!isPresence || stanza.to === undefined || from.domain === component.domain) return undefined;
    const contacts = host.hooks.fire("roster/contacts", { user: to.toBare() });
    if (contacts instanceof Promise)
      return contacts.then((found) => (isContact(found, from) ? tell(stanza, from) : undefined));
    return isContact(contacts, from) ? tell(stanza, from) : undefined;
  };
  ctx.hook("presence/bare", listen, listeningPriority);
  ctx.hook("presence/full", listen, listeningPriority);
}

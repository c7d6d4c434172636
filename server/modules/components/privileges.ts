import { randomBytes } from "node:crypto";
import type { Privileges } from "../../core/component-rights.ts";
import type { ModuleContext } from "../../core/module.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import type { ExternalComponent } from "./external-component.ts";
import { NS_PRIVILEGE } from "./namespaces.ts";
import { privilegedIqs } from "./privileged-iqs.ts";
import { privilegedMessages } from "./privileged-messages.ts";
import { privilegedPresence } from "./privileged-presence.ts";

/** Gives a component its privileges (XEP-0356), tells it of them, and refuses what goes beyond. */
export function grant(ctx: ModuleContext<unknown>, component: ExternalComponent, privileges: Privileges): void {
  privilegedMessages(ctx, component, privileges);
  privilegedIqs(ctx, component, privileges);
  const permissions = permissionsOf(privileges);
  if (permissions.length === 0) return;
  component.follow(() =>
    component.send(announcement(component, el("privilege", NS_PRIVILEGE, undefined, ...permissions))),
  );
  privilegedPresence(ctx, component, privileges);
}

/** A message of the host that tells a component what it may do (XEP-0356 4.2, XEP-0355 4.2). */
export function announcement({ host, domain }: ExternalComponent, payload: Element): Stanza {
  const id = randomBytes(9).toString("base64url");
  return Stanza.from(el("message", NS.client, { from: host.name, to: domain, id }, payload));
}

function permissionsOf({ roster, push, message, presence, iq }: Privileges): Element[] {
  const permissions: Element[] = [];
  const add = (access: string, attributes: Record<string, string>, ...children: Element[]): void => {
    permissions.push(el("perm", NS_PRIVILEGE, { access, ...attributes }, ...children));
  };
  if (roster !== "none") add("roster", { type: roster, push: String(push && roster !== "set") });
  if (message !== "none") add("message", { type: message });
  if (presence !== "none") add("presence", { type: presence });
  const namespaces = Object.entries(iq).map(([ns, type]) => el("namespace", NS_PRIVILEGE, { ns, type }));
  if (namespaces.length > 0) add("iq", {}, ...namespaces);
  return permissions;
}

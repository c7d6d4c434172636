import type { Privileges } from "../../core/component-rights.ts";
import type { ModuleContext } from "../../core/module.ts";
import { type Packet, serverOrigin } from "../../core/router.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import type { ExternalComponent } from "./external-component.ts";
import { NS_PRIVILEGE } from "./namespaces.ts";

/** Messages that a component sends in the name of its host, or of an account of that (XEP-0356 5). */
export function privilegedMessages(
  { core, host, hook }: ModuleContext<unknown>,
  component: ExternalComponent,
  { message }: Privileges,
): void {
  const pass = async (packet: Packet): Promise<"handled"> => {
    try {
      if (message !== "outgoing") throw StanzaError.of("forbidden", "messages are not granted");
      const inner = innerOf(packet.stanza);
      const from = Jid.tryParse(inner.from ?? "");
      if (from === undefined || from.domain !== host.name || from.resource !== "")
        throw StanzaError.of("forbidden", "the sender has to be the host or the bare address of an account of it");
      if (from.local !== "" && !(await core.accounts.exists(from)))
        throw StanzaError.of("forbidden", "there is no such account");
      const to = Jid.tryParse(inner.to ?? "");
      if (to === undefined) throw StanzaError.of("jid-malformed");
      const stanza = inner.with({ from: from.full });
      await core.router.route({ stanza, from, to, origin: serverOrigin, host: core.hosts.entity(to.domain) });
    } catch (error) {
      if (!(error instanceof StanzaError)) throw error;
      core.router.bounce(packet, error);
    }
    return "handled";
  };
  hook("message/host", (packet) => {
    const isAsked = packet.from.domain === component.domain && packet.stanza.has("privilege", NS_PRIVILEGE);
    return isAsked ? pass(packet) : undefined;
  });
}

function innerOf(stanza: Stanza): Stanza {
  const forwarded = stanza.child("privilege", NS_PRIVILEGE)?.child("forwarded", NS.forward);
  const messages = forwarded?.elements("message", NS.client) ?? [];
  const [inner] = messages;
  if (inner === undefined || messages.length > 1) throw StanzaError.of("bad-request", "exactly one message");
  return Stanza.from(inner);
}

import type { Core } from "../../core/core.ts";
import { type Packet, serverOrigin } from "../../core/router.ts";
import { el } from "../../xmpp/element.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";

/** Answers a presence probe for an account or one of its resources, RFC 6121 4.3.2. */
export function answerProbe(packet: Packet, core: Core): "handled" | Promise<"handled"> {
  const visible = packet.host?.hooks.fire("presence/visible", { user: packet.to.toBare(), from: packet.from });
  if (visible instanceof Promise) return visible.then((may) => answer(packet, core, may === true));
  return answer(packet, core, visible === true);
}

function answer(packet: Packet, core: Core, isVisible: boolean): "handled" {
  const { from: prober, to: user } = packet;
  // An account that does not exist gets the same answer as one that does not show itself.
  if (!isVisible) {
    reply(core, "unsubscribed", user.toBare(), prober.toBare());
    return "handled";
  }
  let isAnswered = false;
  for (const session of [...core.sessions.of(user)]) {
    if (session.presence === null || (user.resource !== "" && session.jid.resource !== user.resource)) continue;
    isAnswered = true;
    route(core, session.presence.with({ to: prober.full }), session.jid, prober);
  }
  if (!isAnswered) reply(core, "unavailable", user, prober);
  return "handled";
}

function reply(core: Core, type: string, from: Jid, to: Jid): void {
  route(core, Stanza.from(el("presence", NS.client, { from: from.full, to: to.full, type })), from, to);
}

function route(core: Core, stanza: Stanza, from: Jid, to: Jid): void {
  void core.router.route({ stanza, from, to, origin: serverOrigin, host: core.hosts.entity(to.domain) });
}

import type { DeviceRow } from "../../storage/ports.ts";
import { el } from "../../xmpp/element.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { newEventId } from "../event-id.ts";
import { renderFor } from "../plan/render.ts";
import type { ResolvedTarget } from "../service.ts";
import type { Outgoing, TestOptions } from "../transport.ts";

// RFC 6761 6.4: nobody can ever own this domain.
const host = "nightpost.invalid";
const from = Jid.of("test", host);
const to = Jid.of("nobody", host);
const ttlMs = 60_000;

/**
 * A made-up message in the form that the target gets real ones, or what was sent for one. The header `x-forward-test: 1` marks
 * it for web servers.
 */
export function testEvent(
  name: string,
  target: ResolvedTarget,
  device: DeviceRow | null,
  at: number,
  { sample, signature }: TestOptions = {},
): Outgoing {
  const id = newEventId();
  const user = device?.user ?? to.bare;
  const expiresAt = at + ttlMs;
  const content = sample ?? { ...madeUp(id, name, target, at), class: "chat" };
  return { ...content, id, dueAt: at, expiresAt, user, device, isTest: true, signature };
}

function madeUp(
  id: string,
  name: string,
  target: ResolvedTarget,
  at: number,
): Pick<Outgoing, "contentType" | "payload"> {
  const body = `Test of the forward target ${name}`;
  const stanza = Stanza.from(
    el("message", NS.client, { type: "chat", id, from: from.full, to: to.full }, el("body", NS.client, {}, body)),
  );
  const payload = renderFor({ id, class: "chat", stanza, from, to, user: to, host, at }, target);
  if (payload === null) throw new Error(`${target.kind} renders no test event`);
  const { contentType, text, unreadAt } = payload;
  const counted = unreadAt === undefined ? text : `${text.slice(0, unreadAt)}1${text.slice(unreadAt)}`;
  return { contentType, payload: counted };
}

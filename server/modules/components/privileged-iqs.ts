import { randomBytes } from "node:crypto";
import type { Privileges } from "../../core/component-rights.ts";
import type { ModuleContext } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { resultReply } from "../../xmpp/reply.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { covers } from "./covers.ts";
import type { ExternalComponent } from "./external-component.ts";
import { NS_PRIVILEGE } from "./namespaces.ts";

const answerMs = 60_000;
const maxAsked = 1000;

/** Requests that a component makes in the name of accounts of its host: for contact lists (XEP-0356 4) and for more (6). */
export function privilegedIqs(ctx: ModuleContext<unknown>, component: ExternalComponent, rights: Privileges): void {
  const { core } = ctx;
  const { asked } = component;

  const ask = async (user: Jid, iq: Stanza): Promise<Stanza> => {
    if (asked.size >= maxAsked) throw StanzaError.of("resource-constraint", "too much is asked at a time");
    const answer = await asked.ask(iq.with({ from: user.bare }), answerMs, (stanza) =>
      core.router.send(stanza, asked.origin),
    );
    if (answer === null) throw StanzaError.of("remote-server-timeout", "nobody has answered");
    return answer;
  };

  const roster = async ({ stanza, to }: Packet): Promise<Stanza> => {
    if (!covers(rights.roster, stanza.type)) throw StanzaError.of("forbidden", "contact lists are not granted");
    const answer = await ask(to, stanza);
    const contact = stanza.type === "set" && answer.type === "result" ? mutualIn(stanza) : undefined;
    // For the contacts it makes up it agrees itself; for others a `subscription` counts for nothing (RFC 6121 2.1.2.5).
    if (contact?.domain === component.domain)
      await ctx.host.hooks.fire("roster/agreed", { user: to.toBare(), contact });
    return answer.with({ id: stanza.id!, to: stanza.from! });
  };

  const encapsulated = async ({ stanza, to }: Packet): Promise<Stanza> => {
    const inner = checked(stanza, to, rights);
    const answer = (await ask(to, inner.with({ to: inner.to ?? to.bare }))).with({ id: inner.id ?? "" });
    const forwarded = el("forwarded", NS.forward, undefined, answer.element);
    return resultReply(stanza, el("privilege", NS_PRIVILEGE, undefined, forwarded));
  };

  const handle = async (packet: Packet, answer: (packet: Packet) => Promise<Stanza>): Promise<void> => {
    try {
      if (!(await core.accounts.exists(packet.to))) throw StanzaError.of("forbidden", "there is no such account");
      packet.origin.answer(await answer(packet));
    } catch (error) {
      if (!(error instanceof StanzaError)) throw error;
      core.router.bounce(packet, error);
    }
  };

  // The component is read from meanwhile: what it is asked in turn may decide about the answer.
  const begin = (work: Promise<void>): "handled" => {
    work.catch((error: unknown) => ctx.log.error("a privileged request failed", { error: String(error) }));
    return "handled";
  };

  ctx.hook("iq/bare", (packet) => {
    const { stanza, from } = packet;
    if (stanza.type === "result" || stanza.type === "error") return asked.take(stanza) ? "handled" : undefined;
    if (from.domain !== component.domain) return undefined;
    if (stanza.has("query", NS.roster)) return begin(handle(packet, roster));
    return stanza.has("privileged_iq", NS_PRIVILEGE) ? begin(handle(packet, encapsulated)) : undefined;
  });

  if (!rights.push || !covers(rights.roster, "get")) return;
  ctx.hook("roster/pushed", ({ user, item, version }) => {
    const query = el("query", NS.roster, { ver: version }, item);
    const id = randomBytes(9).toString("base64url");
    const push = el("iq", NS.client, { type: "set", id, from: user.bare, to: component.domain }, query);
    component.send(Stanza.from(push));
    return undefined;
  });
}

/** The contact that a change of a contact list wants to see, and to be seen by. */
function mutualIn(stanza: Stanza): Jid | undefined {
  const item = stanza.child("query", NS.roster)?.child("item");
  return item?.attr("subscription") === "both" ? Jid.tryParse(item.attr("jid") ?? "")?.toBare() : undefined;
}

/** The request inside, if it is one that may be made (XEP-0356 6.3). Throws StanzaError `forbidden`. */
function checked(stanza: Stanza, user: Jid, { iq }: Privileges): Stanza {
  const wrapper = stanza.child("privileged_iq", NS_PRIVILEGE);
  const [inner, ...others] = wrapper?.elements("iq", NS.client) ?? [];
  if (inner === undefined || others.length > 0) throw StanzaError.of("forbidden", "exactly one request of a client");
  if (inner.attr("type") !== stanza.type) throw StanzaError.of("forbidden", "the types differ");
  const from = inner.attr("from");
  if (from !== undefined && Jid.tryParse(from)?.full !== user.bare)
    throw StanzaError.of("forbidden", "it is in the name of somebody else");
  const [payload, ...more] = inner.children.filter((child) => typeof child !== "string");
  if (more.length > 0) throw StanzaError.of("bad-request", "it asks for more than one thing");
  const right = payload !== undefined && Object.hasOwn(iq, payload.ns) ? iq[payload.ns] : undefined;
  if (!covers(right, stanza.type)) throw StanzaError.of("forbidden", "the namespace is not granted");
  return Stanza.from(inner);
}

import { z } from "zod";
import { defineModule } from "../core/module.ts";
import type { Packet } from "../core/router.ts";
import { childTexts } from "../xmpp/child-text.ts";
import { type Element, el } from "../xmpp/element.ts";
import { StanzaError } from "../xmpp/errors.ts";
import { resultReply } from "../xmpp/reply.ts";
import type { Stanza } from "../xmpp/stanza.ts";

const NS_PRIVATE = "jabber:iq:private";

export const privateXml = defineModule({
  name: "private",
  summary: "Keeps XML for clients, for nobody but their own account.",
  xeps: [{ number: 49, version: "1.2" }],
  options: z.strictObject({
    max_bytes: z
      .int()
      .min(1024)
      .max(100 * 1024 * 1024)
      .default(256 * 1024)
      .describe("Size of everything that one account keeps."),
  }),
  start(ctx) {
    const { core, host, options } = ctx;
    const { personal } = core.stores;
    ctx.feature(NS_PRIVATE);
    ctx.iq("account", "get", [NS_PRIVATE, "query"], async (iq, packet) => {
      const [wanted, another] = ownElements(iq, packet);
      if (wanted === undefined || another !== undefined) throw StanzaError.of("not-acceptable", "exactly one element");
      const { ns, name } = wanted;
      const user = packet.to.toBare();
      const stored = await personal.private(host.name, user.local, ns, name);
      const xml = (await host.hooks.fire("private/get", { user, ns, name, stored })) ?? stored ?? String(el(name, ns));
      const query = `<query xmlns='${NS_PRIVATE}'>${xml}</query>`;
      packet.origin.answer(resultReply(iq).appendWritten("query", NS_PRIVATE, query));
      return "answered" as const;
    });
    ctx.iq("account", "set", [NS_PRIVATE, "query"], async (iq, packet) => {
      const elements = ownElements(iq, packet);
      if (elements.length === 0) throw StanzaError.of("bad-request", "there is nothing to keep");
      const user = packet.to.toBare();
      const texts = childTexts(iq.payloadText, iq.payload!);
      for (const [index, element] of elements.entries()) {
        const { ns, name } = element;
        const isKept = await personal.setPrivate(host.name, user.local, ns, name, texts[index]!, options.max_bytes);
        if (!isKept) throw StanzaError.of("policy-violation", `no more than ${options.max_bytes} bytes`);
        await host.hooks.fire("private/changed", { user, element });
      }
      return null;
    });
  },
});

/** What the query holds. For the owner only, and each in a namespace of its own (XEP-0049 3). */
function ownElements(iq: Stanza, { from, to }: Packet): Element[] {
  if (from.bare !== to.bare) throw StanzaError.of("forbidden");
  const elements = (iq.payload?.children ?? []).filter((node) => typeof node !== "string");
  for (const { ns } of elements) {
    if (ns === "" || ns === NS_PRIVATE) throw StanzaError.of("not-acceptable", "the namespace is reserved");
  }
  return elements;
}

import { z } from "zod";
import type { Host } from "../../core/host.ts";
import { defineModule, type IqAddress } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { capsElement, capsNode, capsVersion } from "./caps.ts";

export const disco = defineModule({
  name: "disco",
  summary: "Tells what the server and its accounts can do.",
  xeps: [
    { number: 30, version: "2.5.0" },
    { number: 115, version: "1.6.0", note: "The server's own capabilities." },
  ],
  options: z.strictObject({
    name: z.string().max(100).default("Nightpost").describe("Name of the server for people."),
  }),
  start(ctx) {
    const { host, options } = ctx;
    ctx.identity({ category: "server", type: "im", name: options.name });
    ctx.identity({ category: "account", type: "registered" }, "account");
    for (const feature of [NS.discoInfo, NS.discoItems]) ctx.feature(feature, "both");
    ctx.feature(NS.caps);

    ctx.iq("host", "get", [NS.discoInfo, "query"], (iq) => {
      const node = iq.payload?.attr("node");
      if (node !== undefined && node !== `${capsNode}#${capsVersion(host)}`) throw StanzaError.of("item-not-found");
      return info(host, "host", node);
    });
    ctx.iq("host", "get", [NS.discoItems, "query"], (iq) => items(iq.payload));

    // XEP-0030 8: an account answers those who may see its presence; to others there is none.
    const checkVisible = async ({ from, to }: Packet): Promise<void> => {
      const mayAsk = await host.hooks.fire("presence/visible", { user: to, from });
      if (mayAsk !== true) throw StanzaError.of("service-unavailable");
    };
    ctx.iq("account", "get", [NS.discoInfo, "query"], async (iq, packet) => {
      await checkVisible(packet);
      if (iq.payload?.attr("node") !== undefined) throw StanzaError.of("item-not-found");
      return info(host, "account", undefined);
    });
    ctx.iq("account", "get", [NS.discoItems, "query"], async (iq, packet) => {
      await checkVisible(packet);
      return items(iq.payload);
    });

    ctx.streamFeature({
      name: "caps",
      order: 910,
      offer: (stream) => (stream.account === null ? undefined : capsElement(host)),
      handles: [],
      handle() {},
    });
  },
});

function info(host: Host, of: IqAddress, node: string | undefined): Element {
  return el(
    "query",
    NS.discoInfo,
    { node },
    ...host.identities(of).map(({ category, type, name }) => el("identity", NS.discoInfo, { category, type, name })),
    ...host.features(of).map((feature) => el("feature", NS.discoInfo, { var: feature })),
  );
}

/** There is nothing below the server or its accounts yet; an unknown node is an error (XEP-0030 4.2). */
function items(query: Element | undefined): Element {
  if (query?.attr("node") !== undefined) throw StanzaError.of("item-not-found");
  return el("query", NS.discoItems);
}

import { z } from "zod";
import type { Entity } from "../../core/entity.ts";
import { defineModule, type IqAddress } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { capsElement, capsNode, capsVersion } from "./caps.ts";
import { hashCapsElement, infoBehind, NS_CAPS2 } from "./hash-caps.ts";
import { infoOf } from "./info.ts";

export const disco = defineModule({
  name: "disco",
  summary: "Tells what the server and its accounts can do.",
  xeps: [
    { number: 30, version: "2.5.0" },
    { number: 115, version: "1.6.0", note: "The server's own capabilities." },
    { number: 128, version: "1.0.1" },
    { number: 390, version: "0.3.2", note: "The server's own capabilities, with SHA-256." },
  ],
  options: z.strictObject({
    name: z
      .string()
      .max(100)
      .regex(/^[^<]*$/)
      .default("Nightpost")
      .describe(
        "Name of the server for people; without `<`, which the hash of the features cannot tell (XEP-0115 5.1).",
      ),
  }),
  start(ctx) {
    const { core, host, options } = ctx;
    ctx.identity({ category: "server", type: "im", name: options.name });
    ctx.identity({ category: "account", type: "registered" }, "account");
    for (const feature of [NS.discoInfo, NS.discoItems]) ctx.feature(feature, ["host", "account", "service"]);
    for (const feature of [NS.caps, NS_CAPS2]) ctx.feature(feature);

    /** What a module says of a node; an unknown one is an error (XEP-0030 4.2). */
    const nodeAnswer = async (packet: Packet, what: "info" | "items", node: string): Promise<Element> => {
      const found = await host.hooks.fire("disco/node", { packet, what, node });
      if (found === undefined) throw StanzaError.of("item-not-found");
      if (found instanceof StanzaError) throw found;
      return el("query", what === "info" ? NS.discoInfo : NS.discoItems, { node }, ...found);
    };

    ctx.iq(["host", "service"], "get", [NS.discoInfo, "query"], (iq, packet) => {
      const node = iq.payload?.attr("node");
      const entity = packet.host ?? host;
      if (node === undefined || (entity === host && node === `${capsNode}#${capsVersion(host)}`))
        return info(entity, "host", node);
      const told = entity === host ? infoBehind(host, node) : undefined;
      return told === undefined ? nodeAnswer(packet, "info", node) : el("query", NS.discoInfo, { node }, ...told);
    });
    ctx.iq("host", "get", [NS.discoItems, "query"], (iq, packet) => {
      const node = iq.payload?.attr("node");
      if (node !== undefined) return nodeAnswer(packet, "items", node);
      const services = core.hosts.servicesOf(host);
      return el(
        "query",
        NS.discoItems,
        undefined,
        ...services.map(({ name, label }) => el("item", NS.discoItems, { jid: name, name: label })),
      );
    });
    ctx.iq("service", "get", [NS.discoItems, "query"], (iq, packet) => {
      const node = iq.payload?.attr("node");
      return node === undefined ? el("query", NS.discoItems) : nodeAnswer(packet, "items", node);
    });

    // XEP-0030 8: an account answers those who may see its presence; to others it is as if there were none.
    const mayAsk = async ({ from, to }: Packet): Promise<boolean> =>
      from.bare === to.bare || (await host.hooks.fire("presence/visible", { user: to, from })) === true;
    ctx.iq("account", "get", [NS.discoInfo, "query"], async (iq, packet) => {
      if (!(await mayAsk(packet))) throw StanzaError.of("service-unavailable");
      const node = iq.payload?.attr("node");
      return node === undefined ? info(host, "account", undefined) : nodeAnswer(packet, "info", node);
    });
    ctx.iq("account", "get", [NS.discoItems, "query"], async (iq, packet) => {
      const node = iq.payload?.attr("node");
      if (!(await mayAsk(packet))) return el("query", NS.discoItems, { node });
      if (node !== undefined) return nodeAnswer(packet, "items", node);
      const found = (await host.hooks.fire("disco/account-items", { packet })) ?? [];
      if (found instanceof StanzaError) throw found;
      return el("query", NS.discoItems, undefined, ...found);
    });

    ctx.streamFeature({
      name: "caps",
      order: 910,
      offer: (stream) => (stream.account === null ? undefined : capsElement(host)),
      handles: [],
      handle() {},
    });
    ctx.streamFeature({
      name: "hash-caps",
      order: 911,
      offer: (stream) => (stream.account === null ? undefined : hashCapsElement(host)),
      handles: [],
      handle() {},
    });
  },
});

function info(entity: Entity, of: IqAddress, node: string | undefined): Element {
  return el("query", NS.discoInfo, { node }, ...infoOf(entity, of));
}

import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import { Turns } from "../../core/turns.ts";
import { el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { authorize, isAuthorization } from "./authorization.ts";
import { Changes } from "./changes.ts";
import { itemOptions, limitsOf } from "./limits.ts";
import { FEATURES, NS_OWNER } from "./names.ts";
import { nodeInfo, nodeItems, nodeList } from "./node-info.ts";
import type { Nodes } from "./nodes.ts";
import { answerPubsub } from "./requests.ts";
import { ServiceRealm } from "./service-realm.ts";

export const pubsubService = defineModule({
  name: "pubsub",
  summary: "Offers nodes to publish to and subscribe to at an address of its own.",
  xeps: [{ number: 60, version: "1.30.0", status: "partial", note: "No collections, no subscription options." }],
  enabledByDefault: false,
  options: z.strictObject({
    host: z.string().default("pubsub.@HOST@").describe("Address of the service; @HOST@ stands for the host."),
    name: z.string().max(100).default("Publish-Subscribe").describe("Name of the service for people."),
    access_create: z.string().default("local").describe("Access rule: who may make nodes."),
    max_nodes: z.int().min(1).max(1_000_000).default(10_000).describe("Nodes of the service."),
    ...itemOptions,
    max_bytes: z
      .int()
      .min(1024)
      .max(1024 * 1024 * 1024)
      .default(256 * 1024 * 1024)
      .describe("Size of everything that is published there."),
    max_account_nodes: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(100)
      .describe("Nodes of the service that one account has made."),
    max_node_bytes: z
      .int()
      .min(1024)
      .max(1024 * 1024 * 1024)
      .default(2 * 1024 * 1024)
      .describe("Size of everything in one node."),
    max_subscriptions: z.int().min(1).max(100_000).default(10_000).describe("Subscriptions to one node."),
    max_per_minute: z
      .int()
      .min(1)
      .max(100_000)
      .default(600)
      .describe("Requests of one account in a minute that publish, take back or change something."),
  }),
  start(ctx) {
    const { core, host, options } = ctx;
    const service = ctx.service(options.host, options.name);
    if (service === null) return;
    const limits = limitsOf(options);
    const nodes: Nodes = { stores: core.stores, clock: core.clock, turns: new Turns() };
    const mayCreate = (jid: Jid): boolean =>
      core.policy.allows(options.access_create, { jid, ip: null, host: host.name });
    const realm = new ServiceRealm(core, service.service.name, limits, mayCreate);

    const changes = new Changes(options.max_per_minute, core.clock);
    service.identity({ category: "pubsub", type: "service", name: options.name });
    for (const feature of [NS.pubsub, ...FEATURES]) service.feature(feature);
    for (const ns of [NS.pubsub, NS_OWNER]) {
      for (const type of ["get", "set"] as const) {
        service.iq("host", type, [ns, "pubsub"], (iq, packet) => {
          if (type === "set") changes.count(packet);
          return answerPubsub(nodes, realm, iq, packet);
        });
      }
    }
    service.iq("host", "get", [NS.discoItems, "query"], async (iq, { from }) => {
      const node = iq.payload?.attr("node");
      const items = await (node === undefined ? nodeList(nodes, realm, from) : nodeItems(nodes, realm, from, node));
      return el("query", NS.discoItems, { node }, ...items);
    });
    service.hook("message/host", async (packet) => {
      const { from, stanza } = packet;
      if (!isAuthorization(stanza)) return undefined;
      try {
        await authorize(nodes, realm, from, stanza);
      } catch (error) {
        if (!(error instanceof StanzaError)) throw error;
        core.router.bounce(packet, error);
      }
      return "handled";
    });
    ctx.hook("disco/node", ({ node, packet, what }) => {
      if (packet.to.domain !== service.service.name || what !== "info") return undefined;
      return nodeInfo(nodes, realm, packet.from, node);
    });
    ctx.every(60_000, async () => {
      await core.stores.nodes.removeExpired(core.clock.now(), 1000);
    });
  },
});

import { z } from "zod";
import type { Core } from "../../core/core.ts";
import type { Contacts } from "../../core/hooks.ts";
import { defineModule } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import type { Session } from "../../core/session.ts";
import { Turns } from "../../core/turns.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { readRefusal } from "./access.ts";
import { AccountRealm } from "./account-realm.ts";
import { Audience } from "./audience.ts";
import { authorize, isAuthorization } from "./authorization.ts";
import { Changes } from "./changes.ts";
import { readConfigForm } from "./config-form.ts";
import { isAsConfigured, type NodeConfig } from "./config.ts";
import { Interests } from "./interests.ts";
import { LastItems } from "./last-items.ts";
import { itemOptions, limitsOf } from "./limits.ts";
import { ACCOUNT_FEATURES, FEATURES, NS_OWNER } from "./names.ts";
import { nodeInfo, nodeItems, nodeList } from "./node-info.ts";
import { type Nodes, visitIfAny } from "./nodes.ts";
import { publishAll, retractAll } from "./publishing.ts";
import { answerPubsub } from "./requests.ts";

/** What the accounts of all hosts share: contacts on one host hear of what happens on another. */
interface Shared {
  readonly nodes: Nodes;
  readonly interests: Interests;
  readonly lastItems: LastItems;
  readonly audience: Audience;
  /** By host: how to find an account's nodes there. */
  readonly realms: Map<string, (user: Jid) => AccountRealm>;
}
const shared = new WeakMap<Core, Shared>();

function sharedBy(core: Core): Shared {
  const known = shared.get(core);
  if (known !== undefined) return known;
  const realms: Shared["realms"] = new Map();
  const interests = new Interests(core);
  const lastItems = new LastItems(core, (user) => realms.get(user.domain)?.(user));
  const audience = new Audience(core, interests, lastItems);
  const nodes = { stores: core.stores, clock: core.clock, turns: new Turns() };
  const made = { nodes, interests, lastItems, audience, realms };
  shared.set(core, made);
  return made;
}

export const pep = defineModule({
  name: "pep",
  summary: "Keeps what accounts publish (avatars, keys, bookmarks) and tells those who may know.",
  xeps: [
    { number: 60, version: "1.30.0", status: "partial", note: "No collections, no subscription options." },
    { number: 163, version: "1.2.2" },
    { number: 222, version: "1.0" },
    { number: 223, version: "1.1.1" },
    { number: 84, version: "1.1.4" },
    { number: 172, version: "1.1" },
    { number: 384, version: "0.9.1", note: "Keeps device lists and bundles for clients." },
  ],
  requires: ["roster"],
  options: z.strictObject({
    max_nodes: z.int().min(1).max(100_000).default(500).describe("Nodes of one account."),
    ...itemOptions,
    max_bytes: z
      .int()
      .min(1024)
      .max(1024 * 1024 * 1024)
      .default(10 * 1024 * 1024)
      .describe("Size of everything that one account publishes."),
    max_subscriptions: z
      .int()
      .min(0)
      .max(100_000)
      .default(1000)
      .describe("Subscriptions to one node, beside contacts."),
    max_per_minute: z
      .int()
      .min(1)
      .max(100_000)
      .default(600)
      .describe("Requests of one account in a minute that publish, take back or change something."),
  }),
  start(ctx) {
    const { core, host, options, log } = ctx;
    const { audience, interests, lastItems, nodes, realms } = sharedBy(core);
    const limits = limitsOf(options);
    const realmOf = (user: Jid, by: string | null = null): AccountRealm =>
      new AccountRealm(core, host, audience, user.toBare(), limits, by);
    realms.set(host.name, realmOf);
    ctx.onStop(() => realms.delete(host.name));

    // Older clients ask the server what its accounts have.
    for (const address of ["account", "host"] as const) ctx.identity({ category: "pubsub", type: "pep" }, address);
    for (const feature of [NS.pubsub, ...FEATURES, ...ACCOUNT_FEATURES]) ctx.feature(feature, "both");
    const changes = new Changes(options.max_per_minute, core.clock);
    for (const ns of [NS.pubsub, NS_OWNER]) {
      for (const type of ["get", "set"] as const) {
        ctx.iq("account", type, [ns, "pubsub"], (iq, packet) => {
          if (type === "set") changes.count(packet);
          return answerPubsub(nodes, realmOf(packet.to), iq, packet);
        });
      }
    }
    ctx.hook("disco/account-items", ({ packet }) => nodeList(nodes, realmOf(packet.to), packet.from));
    ctx.hook("disco/node", ({ packet, what, node }) => {
      const { host: entity, to } = packet;
      if (entity !== host || to.local === "") return undefined;
      return describe(packet, what, node);
    });
    const describe = async (packet: Packet, what: "info" | "items", node: string) => {
      const ask = what === "info" ? nodeInfo : nodeItems;
      try {
        return await ask(nodes, realmOf(packet.to), packet.from, node);
      } catch (error) {
        if (!(error instanceof StanzaError)) throw error;
        // Somebody else may know a node of that name.
        return error.condition === "item-not-found" ? undefined : error;
      }
    };

    ctx.hook(
      "message/bare",
      (packet) => {
        const { from, stanza, to } = packet;
        return from.bare === to.bare && isAuthorization(stanza) ? settle(packet) : undefined;
      },
      30,
    );
    /** The account has answered somebody's request to subscribe. */
    const settle = async (packet: Packet): Promise<"handled"> => {
      const { from, stanza, to } = packet;
      try {
        await authorize(nodes, realmOf(to), from, stanza);
      } catch (error) {
        if (!(error instanceof StanzaError)) throw error;
        core.router.bounce(packet, error);
      }
      return "handled";
    };
    ctx.hook("pep/item", async ({ id, node, reader, user }) => {
      const realm = realmOf(user);
      const found = await visitIfAny(nodes, realm, node, reader);
      if (found === null) return undefined;
      if ((await readRefusal(realm, found, "items")) !== null) return { kind: "refused" };
      const query = { now: core.clock.now(), limit: 1, maxBytes: limits.maxItemBytes };
      const page = await core.stores.nodes.items(realm.owner, node, id === null ? query : { ...query, ids: [id] });
      const item = page?.items[0];
      return item === undefined ? { kind: "none" } : { kind: "item", id: item.id, payload: item.payload };
    });
    ctx.hook("pep/publish", async ({ by, items, node, options: fields, required, retract, user }) => {
      const wanted = fieldsOf(fields);
      const realm = realmOf(user, by);
      try {
        const found = await visitIfAny(nodes, realm, node, user);
        if (found !== null && !isAsConfigured(found.config, fieldsOf(required), realm.rules)) {
          return StanzaError.of("conflict");
        }
        if (items.length > 0)
          await publishAll(nodes, realm, user, { node, items, wanted: found === null ? wanted : {} });
        if (retract.length > 0) await retractAll(nodes, realm, user, { node, ids: retract });
        return "done";
      } catch (error) {
        if (error instanceof StanzaError) return error;
        throw error;
      }
    });

    /** The session has said what it can do: it gets the last items of what it wants to hear of. */
    const arrived = async (session: Session): Promise<void> => {
      const wanted = await interests.learn(session);
      if (wanted.size === 0 || !session.isAvailable) return;
      const contacts = await host.hooks.fire("roster/contacts", { user: session.bare });
      const owners = (contacts?.subscriptions ?? []).filter(({ domain }) => realms.has(domain));
      await lastItems.send(session, [session.bare, ...owners], wanted);
    };
    const failed = (error: unknown): void => log.error("last items were not sent", { error: String(error) });
    ctx.hook("presence/initial", ({ session }) => {
      arrived(session).catch(failed);
    });
    ctx.hook("presence/gone", ({ session }) => {
      interests.forget(session);
    });
    // A later presence: with other capabilities it may want more (not the same once more, XEP-0163 4.3.3).
    ctx.hook(
      "presence/bare",
      ({ origin: { session }, stanza }) => {
        if (session?.isAvailable !== true || stanza.to !== undefined || stanza.type !== undefined) return undefined;
        queueMicrotask(() => {
          arrived(session).catch(failed);
        });
        return undefined;
      },
      45,
    );
    // A contact has let the account see its presence: its resources get the contact's last items (XEP-0163 4.3.3).
    ctx.hook(
      "presence/bare",
      ({ from, stanza, to }) => {
        if (stanza.type !== "subscribed" || !realms.has(from.domain)) return undefined;
        const contacts = host.hooks.fire("roster/contacts", { user: to.toBare() });
        const look = (found: Contacts | undefined): undefined => {
          if (found?.item(from.bare)?.ask === true) accepted(to, from.toBare());
        };
        return contacts instanceof Promise ? contacts.then(look) : look(contacts);
      },
      30,
    );
    // The items come after the news: they are read when the roster has been told to change, so behind that on disk.
    const accepted = (user: Jid, contact: Jid): void => {
      setImmediate(() => {
        for (const session of core.sessions.of(user)) {
          const wanted = interests.of(session);
          if (wanted.size > 0) lastItems.send(session, [contact], wanted).catch(failed);
        }
      });
    };

    ctx.every(60_000, async () => {
      await core.stores.nodes.removeExpired(core.clock.now(), 1000);
    });
  },
});

function fieldsOf(fields: Readonly<Record<string, string>>): Partial<NodeConfig> {
  const values = new Map(Object.entries(fields).map(([name, value]) => [name, [value]]));
  return readConfigForm({ type: "submit", formType: undefined, values });
}

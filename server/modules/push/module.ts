import { randomBytes } from "node:crypto";
import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import type { DeviceRow } from "../../storage/ports.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { type AppServer, appServerOf, appServerTargets, publishOptionsOf, targetFor, tokenOf } from "./registration.ts";

const NS_PUSH = "urn:xmpp:push:0";

export const push = defineModule({
  name: "push",
  summary: "Lets clients name app servers that are told when something waits for them.",
  xeps: [{ number: 357, version: "0.4.1" }],
  options: z.strictObject({
    max_devices: z.int().min(1).max(1000).default(20).describe("Registrations of one account, of every kind."),
    max_options_bytes: z.int().min(0).max(65_536).default(4096).describe("Size of the publish options of one."),
  }),
  start(ctx) {
    const { core, host, options } = ctx;
    const { devices } = core.stores;

    // Offered while there is a target that takes such registrations.
    let targets = appServerTargets(core.policy.document.forward.targets);
    let withdraw: (() => void) | null = null;
    const offer = (): void => {
      if (targets.length > 0) withdraw ??= host.addFeature("account", NS_PUSH);
      else {
        withdraw?.();
        withdraw = null;
      }
    };
    ctx.onStop(
      core.policy.onChange((now, before) => {
        if (now.forward === before.forward) return;
        targets = appServerTargets(now.forward.targets);
        offer();
      }),
    );
    ctx.onStop(() => withdraw?.());
    offer();

    const own = async (user: Jid): Promise<DeviceRow[]> =>
      (await devices.of(user.bare)).filter(({ kind }) => kind === "xep0357");

    const forget = async (rows: readonly DeviceRow[]): Promise<void> => {
      const now = core.clock.now();
      await Promise.all(rows.map(({ id }) => devices.remove(id, now)));
    };

    /** An app server that is a service here needs no publish: it sees to its own devices. true: it did. */
    const isOwn = async (user: Jid, { jid, node }: AppServer, isEnabled: boolean): Promise<boolean> => {
      const service = jid.full === jid.domain ? core.hosts.service(jid.domain) : undefined;
      const outcome = await service?.hooks.fire("push/enabling", { user, node, isEnabled });
      if (outcome instanceof StanzaError) throw outcome;
      return outcome === "done";
    };

    const enable = async (packet: Packet): Promise<void> => {
      const { from, stanza } = packet;
      const user = from.toBare();
      const request = stanza.payload!;
      const appServer = appServerOf(request);
      const publishOptions = publishOptionsOf(request, options.max_options_bytes);
      if (await isOwn(user, appServer, true)) return;
      if (targets.length === 0) throw StanzaError.of("service-unavailable");
      const { jid, node } = appServer;
      const target = targetFor(targets, jid.domain);
      if (target === undefined) throw StanzaError.of("not-allowed", `${jid.domain} is no app server of this host`);
      const token = tokenOf(appServer);
      // Registered at a target that the policy would not choose any more.
      await forget((await own(user)).filter((one) => one.token === token && one.target !== target));
      const registered = await devices.register(
        {
          id: randomBytes(8).toString("hex"),
          host: host.name,
          user: user.bare,
          kind: "xep0357",
          target,
          token,
          settings: { appServer: { jid: jid.full, node }, publishOptions },
          name: null,
          appVersion: null,
          resource: from.resource,
          node: null,
          secretHash: null,
          via: "enable",
          registeredAt: core.clock.now(),
          isEnabled: true,
        },
        options.max_devices,
      );
      if (registered === null)
        throw StanzaError.of("resource-constraint", `no more than ${options.max_devices} devices`);
    };

    const disable = async ({ from, stanza }: Packet): Promise<void> => {
      const user = from.toBare();
      const appServer = appServerOf(stanza.payload!);
      const { jid, node } = appServer;
      if (await isOwn(user, appServer, false)) return;
      // What is not there is disabled: clients that start over say so to be sure.
      const isMeant = ({ settings: { appServer: known } }: DeviceRow): boolean =>
        known?.jid === jid.full && (node === null || known.node === node);
      await forget((await own(user)).filter(isMeant));
    };

    for (const [name, handler] of [
      ["enable", enable],
      ["disable", disable],
    ] as const) {
      ctx.iq("account", "set", [NS_PUSH, name], async (_, packet) => {
        if (packet.from.bare !== packet.to.bare) throw StanzaError.of("forbidden");
        await handler(packet);
        await host.hooks.fire("device/changed", { user: packet.from.toBare() });
        return null;
      });
    }

    // XEP-0357 8: the app server says that it takes no more for a node.
    ctx.hook(
      "message/bare",
      (packet) =>
        packet.stanza.type !== "chat" && packet.stanza.has("pubsub", NS.pubsub) ? withdrawn(packet) : undefined,
      10,
    );
    const withdrawn = async ({ stanza, from, to }: Packet): Promise<"handled" | undefined> => {
      const pubsub = stanza.child("pubsub", NS.pubsub)!;
      const affiliation = pubsub.child("affiliation");
      const jid = Jid.tryParse(affiliation?.attr("jid") ?? "");
      if (affiliation?.attr("affiliation") !== "none" || jid?.bare !== to.bare) return undefined;
      const node = pubsub.attr("node");
      const isMeant = ({ settings: { appServer } }: DeviceRow): boolean =>
        appServer !== undefined &&
        (appServer.jid === from.full || appServer.jid === from.bare) &&
        (appServer.node ?? undefined) === node;
      const rows = (await own(to)).filter(isMeant);
      if (rows.length === 0) return undefined;
      const at = core.clock.now();
      const disabled = { at, reason: "the app server takes no more for it" };
      await Promise.all(rows.map(({ id }) => devices.disable(id, disabled)));
      await host.hooks.fire("device/changed", { user: to });
      return "handled";
    };
  },
});

import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import { PerMinute } from "../../core/per-minute.ts";
import type { Packet } from "../../core/router.ts";
import { el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { type Addressee, type AddressHeader, NS_ADDRESS, readAddresses } from "./addresses.ts";

export const multicast = defineModule({
  name: "multicast",
  summary: "Sends one stanza to many addresses.",
  xeps: [
    {
      number: 33,
      version: "1.2.1",
      note: "Every recipient is sent a stanza of its own; other servers' multicast services are not used.",
    },
  ],
  options: z.strictObject({
    host: z
      .string()
      .min(1)
      .max(1023)
      .default("multicast.@HOST@")
      .describe("Address of the service; `@HOST@` stands for the host."),
    access: z.string().min(1).max(64).default("local").describe("Access rule: who may send through the service."),
    max_recipients: z.int().min(1).max(1000).default(50).describe("Addresses of one stanza."),
    max_recipients_per_minute: z
      .int()
      .min(1)
      .max(100_000)
      .default(600)
      .describe("Addresses that one account reaches in a minute."),
  }),
  start(ctx) {
    const { core, host, options } = ctx;
    const serve = ctx.service(options.host, "Multicast");
    if (serve === null) return;
    const rate = new PerMinute(options.max_recipients_per_minute);
    serve.identity({ category: "service", type: "multicast" });
    serve.feature(NS_ADDRESS);

    serve.hook("stanza/service", (packet) => {
      const { stanza, to, origin } = packet;
      // Questions about the service are for whoever answers them.
      if (stanza.kind === "iq" || to.local !== "" || stanza.type === "error") return undefined;
      try {
        requireAllowed(packet);
        return send(packet, header(packet));
      } catch (error) {
        if (!(error instanceof StanzaError)) throw error;
        if (stanza.kind === "message" || origin.session !== null) core.router.bounce(packet, error);
        return "handled";
      }
    });

    const requireAllowed = ({ from, origin }: Packet): void => {
      const ip = origin.session?.link.address ?? null;
      if (!core.policy.allows(options.access, { jid: from.toBare(), ip, host: host.name }))
        throw StanzaError.of("forbidden");
    };

    const header = (packet: Packet): AddressHeader => {
      const { stanza, from, origin } = packet;
      const addresses = stanza.child("addresses", NS_ADDRESS);
      if (addresses === undefined) throw StanzaError.of("bad-request", "it has no addresses");
      const found = readAddresses(addresses, options.max_recipients, from.local === "");
      // Otherwise the service would be a relay for strangers.
      if (origin.session === null && found.addressees.some(({ jid }) => jid.domain !== host.name))
        throw StanzaError.of("forbidden", "only for accounts of this host");
      if (stanza.kind === "presence") requireDirected(packet);
      if (!rate.take(from.bare, core.clock.now(), found.addressees.length))
        throw StanzaError.of("resource-constraint", "too many recipients in a minute");
      return found;
    };

    // XEP-0033 5.1: whoever is shown presence is to be told of its end, and only sessions here are seen to end.
    const requireDirected = ({ stanza, origin }: Packet): void => {
      if (origin.session === null || (stanza.type !== undefined && stanza.type !== "unavailable"))
        throw StanzaError.of("feature-not-implemented");
    };

    const send = async (packet: Packet, { addressees, shown }: AddressHeader): Promise<"handled"> => {
      const { stanza } = packet;
      const bare = stanza.without((child) => child.is("addresses", NS_ADDRESS));
      // Written once for all who see the same addresses.
      const open = bare.append(el("addresses", NS_ADDRESS, undefined, ...shown));
      for (const addressee of addressees) {
        const copy = addressee.isBlind
          ? bare.append(el("addresses", NS_ADDRESS, undefined, ...shown, addressee.element))
          : open;
        await pass(packet, copy, addressee);
      }
      return "handled";
    };

    const pass = (packet: Packet, copy: Stanza, { jid }: Addressee): void | Promise<void> => {
      const { from, origin } = packet;
      if (copy.kind === "presence") noteDirected(packet, jid);
      const stanza = copy.with({ to: jid.full });
      return core.router.route({ stanza, from, to: jid, origin, host: core.hosts.entity(jid.domain) });
    };

    const noteDirected = ({ stanza, origin: { session } }: Packet, to: Jid): void => {
      if (session === null) return;
      if (stanza.type === "unavailable") session.directed?.delete(to.full);
      else (session.directed ??= new Map()).set(to.full, to);
    };
  },
});

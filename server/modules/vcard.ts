import { z } from "zod";
import { defineModule } from "../core/module.ts";
import { StanzaError } from "../xmpp/errors.ts";
import { Stanza } from "../xmpp/stanza.ts";

const NS_VCARD = "vcard-temp";

export const vcard = defineModule({
  name: "vcard",
  summary: "Keeps a card of each account for others to look at.",
  xeps: [{ number: 54, version: "1.3.0" }],
  options: z.strictObject({
    max_bytes: z
      .int()
      .min(1024)
      .max(10 * 1024 * 1024)
      .default(64 * 1024)
      .describe("Size of one card, picture included."),
  }),
  start(ctx) {
    const { core, host, options } = ctx;
    const { personal } = core.stores;
    ctx.feature(NS_VCARD, "both");
    ctx.iq("account", "get", [NS_VCARD, "vCard"], async (_, { to }) => {
      const xml = await personal.vcard(host.name, to.local);
      // XEP-0054 3.3: the same for an account without a card and for none at all.
      if (xml === null) throw StanzaError.of("item-not-found");
      return Stanza.parse(xml).element;
    });
    ctx.iq("account", "set", [NS_VCARD, "vCard"], async (iq, { from, to }) => {
      if (from.bare !== to.bare) throw StanzaError.of("forbidden");
      const xml = String(iq.payload);
      if (Buffer.byteLength(xml) > options.max_bytes) {
        throw StanzaError.of("policy-violation", `no more than ${options.max_bytes} bytes`);
      }
      await personal.setVcard(host.name, to.local, xml);
      return null;
    });
  },
});

import { z } from "zod";
import { defineModule } from "../core/module.ts";
import { type Element, el } from "../xmpp/element.ts";
import { StanzaError } from "../xmpp/errors.ts";
import { readStored } from "../xmpp/stored.ts";

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
    ctx.iq("account", "get", [NS_VCARD, "vCard"], async (_, { from, to }) => {
      const xml = await personal.vcard(host.name, to.local);
      const shown = await host.hooks.fire("vcard/photo", { user: to.toBare(), reader: from });
      const stored = readStored(xml);
      const card = shown === undefined ? stored : withPhoto(stored, shown.photo);
      // XEP-0054 3.3: the same for an account without a card and for none at all.
      if (card === null) throw StanzaError.of("item-not-found");
      return card;
    });
    ctx.iq("account", "set", [NS_VCARD, "vCard"], async (iq, { from, to }) => {
      if (from.bare !== to.bare) throw StanzaError.of("forbidden");
      const xml = String(iq.payload);
      if (Buffer.byteLength(xml) > options.max_bytes) {
        throw StanzaError.of("policy-violation", `no more than ${options.max_bytes} bytes`);
      }
      await personal.setVcard(host.name, to.local, xml);
      await host.hooks.fire("vcard/changed", { user: to.toBare(), card: iq.payload! });
      return null;
    });
  },
});

/** The card with this picture and no other; null: there is nothing in it. */
function withPhoto(
  card: Element | null,
  photo: { readonly type: string; readonly base64: string } | null,
): Element | null {
  const children = (card?.children ?? []).filter((node) => typeof node === "string" || !node.is("PHOTO", NS_VCARD));
  if (photo !== null) {
    const type = el("TYPE", NS_VCARD, undefined, photo.type);
    children.push(el("PHOTO", NS_VCARD, undefined, type, el("BINVAL", NS_VCARD, undefined, photo.base64)));
  }
  return card === null && photo === null ? null : el("vCard", NS_VCARD, undefined, ...children);
}

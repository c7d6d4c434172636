import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import { Jid } from "../../xmpp/jid.ts";
import { readStored } from "../../xmpp/stored.ts";
import { toTemp, toVcard4 } from "./cards.ts";
import { VCARD4, VCARD_TEMP } from "./properties.ts";

const name = "vcard-conversion";
const NODE = "urn:xmpp:vcard4";

export const vcardConversion = defineModule({
  name,
  summary: "Keeps an account's vCard and its vCard4 alike.",
  xeps: [{ number: 292, version: "0.12.0", note: "By PEP; the common properties are converted." }],
  requires: ["pep", "vcard"],
  options: z.strictObject({}),
  start(ctx) {
    const { core, host } = ctx;
    const { personal } = core.stores;
    /** Somebody without any right of its own. */
    const stranger = Jid.parse(host.name);

    ctx.hook("vcard/changed", async ({ card, user }) => {
      const found = await host.hooks.fire("pep/item", { user, node: NODE, id: null, reader: user });
      const before = found?.kind === "item" ? readStored(found.payload) : null;
      const payload = String(toVcard4(card, before));
      if (found?.kind === "item" && found.payload === payload) return undefined;
      const items = [{ id: found?.kind === "item" ? found.id : "current", payload }];
      // vCards are for everybody (XEP-0054 3.3); a node that the account has made for some stays so.
      const options = { "pubsub#access_model": "open" };
      await host.hooks.fire("pep/publish", {
        user,
        node: NODE,
        items,
        retract: [],
        options,
        required: {},
        by: name,
      });
      return undefined;
    });

    ctx.hook("pep/changed", async ({ by, node, published, user }) => {
      const last = published.at(-1);
      if (node !== NODE || by === name || last === undefined) return undefined;
      // What is not for everybody does not go into a card that is.
      const shown = await host.hooks.fire("pep/item", { user, node: NODE, id: last.id, reader: stranger });
      if (shown?.kind !== "item") return undefined;
      const vcard = readStored(last.payload);
      if (vcard?.is("vcard", VCARD4) !== true) return undefined;
      const before = readStored(await personal.vcard(host.name, user.local));
      const card = toTemp(vcard, before?.ns === VCARD_TEMP ? before : null);
      await personal.setVcard(host.name, user.local, String(card));
      return undefined;
    });
  },
});

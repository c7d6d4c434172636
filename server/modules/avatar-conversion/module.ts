import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { readStored } from "../../xmpp/stored.ts";
import { DATA, dataItem, infoOf, METADATA, metadataItem, noAvatarItem, photoOf, pictureOf } from "./avatar.ts";
import { withHash } from "./update.ts";

const name = "avatar-conversion";
const maxKept = 50_000;

export const avatarConversion = defineModule({
  name,
  summary: "Shows the picture that an account publishes in its vCard and presence, and the other way round.",
  xeps: [
    { number: 398, version: "1.0.0" },
    { number: 153, version: "1.1.1" },
  ],
  requires: ["pep", "vcard"],
  options: z.strictObject({}),
  start(ctx) {
    const { core, host } = ctx;
    /** Hashes of the pictures of accounts that have, or had, a session, or what reads them; "": none. */
    const hashes = new Map<string, string | Promise<string>>();

    ctx.feature("urn:xmpp:pep-vcard-conversion:0", "account");

    const itemOf = async (user: Jid, node: string, id: string | null, reader: Jid) =>
      host.hooks.fire("pep/item", { user, node, id, reader });

    // Whoever asks for the vCard sees the picture that it may see (XEP-0398 5.2).
    ctx.hook("vcard/photo", async ({ reader, user }) => {
      const metadata = await itemOf(user, METADATA, null, reader);
      if (metadata === undefined) return undefined;
      const info = metadata.kind === "item" ? infoOf(metadata.payload) : null;
      const data = info === null ? undefined : await itemOf(user, DATA, info.id, reader);
      const base64 = info === null || data?.kind !== "item" ? null : pictureOf(data.payload, info.id);
      return { photo: info === null || base64 === null ? null : { type: info.type, base64 } };
    });

    // From vCard to PEP, XEP-0398 3.2. A card is world-readable, and so are the nodes if they are new.
    ctx.hook("vcard/changed", async ({ card, user }) => {
      if (core.sessions.of(user).length === 0) hashes.delete(user.bare);
      const photo = photoOf(card);
      const published = await publishedHash(user);
      // Only the card has had one, and now it has none.
      if (photo === null && published === null && hashes.has(user.bare)) hashes.set(user.bare, "");
      if ((photo?.id ?? "") === (published ?? "")) return undefined;
      const wish = { user, retract: [], options: { "pubsub#access_model": "open" }, required: {}, by: name };
      if (photo !== null) await host.hooks.fire("pep/publish", { ...wish, node: DATA, items: [dataItem(photo)] });
      const item = photo === null ? noAvatarItem : metadataItem(photo);
      await host.hooks.fire("pep/publish", { ...wish, node: METADATA, items: [item] });
      return undefined;
    });

    /** "": the account says that it has no picture; null: it says nothing. */
    const publishedHash = async (user: Jid): Promise<string | null> => {
      const metadata = await itemOf(user, METADATA, null, user);
      if (metadata === undefined) return null;
      return (metadata.kind === "item" ? infoOf(metadata.payload)?.id : undefined) ?? "";
    };
    /** The hash of what a vCard shows: by the node or, when there is none, by the card. */
    const hashOf = async (user: Jid): Promise<string> => {
      const published = await publishedHash(user);
      if (published !== null) return published;
      const xml = await core.stores.personal.vcard(host.name, user.local);
      return photoOf(readStored(xml))?.id ?? "";
    };

    ctx.hook("session/bound", ({ session: { bare } }) => {
      if (hashes.has(bare.bare)) return undefined;
      const reading: Promise<string> = hashOf(bare).then(
        (hash) => {
          if (hashes.get(bare.bare) === reading) hashes.set(bare.bare, hash);
          return hash;
        },
        () => "",
      );
      hashes.set(bare.bare, reading);
      return undefined;
    });
    ctx.hook("session/closed", ({ session: { bare } }) => {
      // Most come back soon.
      if (hashes.size > maxKept && core.sessions.of(bare).length === 0) hashes.delete(bare.bare);
    });
    const forget = ({ user }: { readonly user: Jid }): undefined => {
      hashes.delete(user.bare);
    };
    ctx.hook("account/imported", forget);
    ctx.hook("account/removed", forget);

    /** Sends it on with the picture's hash, in place of what was sent. */
    const routeWith = (packet: Packet, hash: string): "drop" | undefined | Promise<"drop"> => {
      const stanza = withHash(packet.stanza, hash);
      if (stanza === packet.stanza) return undefined;
      const routed = core.router.route({ ...packet, stanza });
      return routed === undefined ? "drop" : routed.then(() => "drop" as const);
    };
    // Available presence, also directed one, names the picture. Last of those who look at what is sent.
    ctx.hook(
      "stanza/sent",
      (packet) => {
        const { from, origin, stanza } = packet;
        if (stanza.kind !== "presence" || stanza.type !== undefined || origin.session === null) return undefined;
        const hash = hashes.get(from.bare) ?? "";
        return typeof hash === "string" ? routeWith(packet, hash) : hash.then((read) => routeWith(packet, read));
      },
      95,
    );

    // Contacts of those who are there learn of another picture by presence as well.
    ctx.hook("pep/changed", async ({ node, user }) => {
      if (node !== METADATA) return undefined;
      if (core.sessions.of(user).length === 0) {
        hashes.delete(user.bare);
        return undefined;
      }
      const hash = await hashOf(user);
      if (hashes.get(user.bare) === hash) return undefined;
      hashes.set(user.bare, hash);
      for (const session of [...core.sessions.of(user)]) {
        const { presence } = session;
        if (presence === null) continue;
        const next = presence.without((child) => child.ns === "vcard-temp:x:update");
        const stanza = withHash(next.with({ from: session.jid.full, to: undefined }), hash);
        void core.router.route({ stanza, from: session.jid, to: session.bare, origin: session, host });
      }
      return undefined;
    });
  },
});

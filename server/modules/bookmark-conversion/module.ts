import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import { Turns } from "../../core/turns.ts";
import type { Element } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { readStored } from "../../xmpp/stored.ts";
import { type Bookmarks, bookmarksOf, isSame, NS_BOOKMARKS, NS_STORAGE, readBookmark, storageOf } from "./bookmarks.ts";

const name = "bookmark-conversion";
/** More than any account has; the limit of a node is below it. */
const maxBookmarks = 100_000;
const maxBytes = 64 * 1024 * 1024;
const maxLooked = 50_000;

/** Bookmarks are for nobody but their account (XEP-0223 3); a node that is open is left alone (XEP-0411 5). */
const required = { "pubsub#access_model": "whitelist" };
const oneItem = { ...required, "pubsub#persist_items": "true" };
const eachItem = { ...oneItem, "pubsub#max_items": "max", "pubsub#send_last_published_item": "never" };

export const bookmarkConversion = defineModule({
  name,
  summary: "Shows the same bookmarks of rooms to clients of every age.",
  xeps: [
    { number: 402, version: "1.2.0" },
    { number: 411, version: "1.1.0" },
    { number: 48, version: "1.2" },
  ],
  requires: ["pep", "private"],
  options: z.strictObject({}),
  start(ctx) {
    const { core, host, log } = ctx;
    const { nodes, personal } = core.stores;
    /** By account: every conversion sees what the one before has made. */
    const turns = new Turns();
    /** Accounts that have had their bookmarks of before converted: what they change from then on is told by hooks. */
    const looked = new Set<string>();

    const features = [`${NS_BOOKMARKS}#compat`, `${NS_BOOKMARKS}#compat-pep`, "urn:xmpp:bookmarks-conversion:0"];
    for (const feature of features) ctx.feature(feature, "account");

    /** The bookmarks as each has an item of its own; null: the account has none that way, or shows them to others. */
    const current = async (user: Jid): Promise<Bookmarks | null> => {
      const query = { now: core.clock.now(), limit: maxBookmarks, maxBytes };
      const page = await nodes.items({ host: host.name, local: user.local }, NS_BOOKMARKS, query);
      if (page === null) return null;
      const found = new Map<string, Element>();
      for (const { id, payload } of page.items.toReversed()) {
        const bookmark = readBookmark(payload);
        if (bookmark !== null) found.set(id, bookmark);
      }
      return found;
    };
    const stored = async (user: Jid): Promise<Element | null> => {
      return readStored(await personal.private(host.name, user.local, NS_STORAGE, "storage"));
    };
    const publish = async (
      user: Jid,
      node: string,
      items: readonly { readonly id: string; readonly payload: string }[],
      retract: readonly string[],
      options: Readonly<Record<string, string>>,
    ): Promise<void> => {
      const wish = { user, node, items, retract, options, required, by: name };
      const outcome = await host.hooks.fire("pep/publish", wish);
      if (outcome instanceof StanzaError) {
        log.info("bookmarks were not converted", { account: user.bare, node, error: outcome.condition });
      }
    };

    /** A client has written a whole list: what differs is published, one by one (XEP-0402 5.2.2). */
    const spread = async (user: Jid, storage: Element): Promise<void> => {
      const wanted = bookmarksOf(storage);
      const before = (await current(user)) ?? new Map<string, Element>();
      const changed = [...wanted].filter(([jid, bookmark]) => !isSame(before.get(jid), bookmark));
      const items = changed.map(([id, bookmark]) => ({ id, payload: String(bookmark) }));
      const gone = [...before.keys()].filter((jid) => !wanted.has(jid));
      if (items.length > 0 || gone.length > 0) await publish(user, NS_BOOKMARKS, items, gone, eachItem);
    };
    /** The list in one item, for clients of XEP-0048 1.1. */
    const collect = async (user: Jid): Promise<void> => {
      const bookmarks = (await current(user)) ?? new Map<string, Element>();
      const item = { id: "current", payload: String(storageOf(bookmarks, await stored(user))) };
      const reader = user;
      const shown = await host.hooks.fire("pep/item", { user, node: NS_STORAGE, id: "current", reader });
      if (shown?.kind === "item" && shown.payload === item.payload) return;
      await publish(user, NS_STORAGE, [item], [], oneItem);
    };

    ctx.hook("pep/changed", async ({ by, node, published, user }) => {
      if (by === name || (node !== NS_BOOKMARKS && node !== NS_STORAGE)) return undefined;
      await turns.take(user.bare, async () => {
        if (node === NS_BOOKMARKS) return collect(user);
        const storage = readStored(published.at(-1)?.payload ?? null);
        return storage?.is("storage", NS_STORAGE) === true ? spread(user, storage) : undefined;
      });
      return undefined;
    });

    ctx.hook("private/changed", async ({ element, user }) => {
      if (!element.is("storage", NS_STORAGE)) return undefined;
      await turns.take(user.bare, async () => {
        await spread(user, element);
        await collect(user);
      });
      return undefined;
    });
    ctx.hook("private/get", async ({ ns, name: wanted, stored: xml, user }) => {
      if (ns !== NS_STORAGE || wanted !== "storage") return undefined;
      const bookmarks = await current(user);
      if (bookmarks === null) return undefined;
      const before = readStored(xml);
      // To the byte what the client wrote, as long as it still says the same.
      const same = before === null ? new Map<string, Element>() : bookmarksOf(before);
      const isCurrent =
        same.size === bookmarks.size && [...bookmarks].every(([jid, one]) => isSame(same.get(jid), one));
      return xml !== null && isCurrent ? xml : String(storageOf(bookmarks, before));
    });

    // Who has none yet has an empty list all the same: Dino takes the error for a list that it must not add to.
    ctx.hook("pep/absent", ({ node }) => (node === NS_BOOKMARKS ? true : undefined));

    // Bookmarks from before, or from another server (XEP-0411 4).
    ctx.hook("session/bound", ({ session: { bare: user } }) => (looked.has(user.bare) ? undefined : look(user)));
    const look = async (user: Jid): Promise<undefined> => {
      const owner = { host: host.name, local: user.local };
      const [found, storage] = await Promise.all([nodes.find(owner, NS_BOOKMARKS, user.bare), stored(user)]);
      if (looked.size >= maxLooked) looked.clear();
      looked.add(user.bare);
      if (found !== null || storage === null || bookmarksOf(storage).size === 0) return;
      await turns.take(user.bare, async () => {
        await spread(user, storage);
        await collect(user);
      });
    };
    ctx.hook("account/imported", ({ user }) => {
      looked.delete(user.bare);
    });
    ctx.hook("account/removed", ({ user }) => {
      looked.delete(user.bare);
    });
  },
});

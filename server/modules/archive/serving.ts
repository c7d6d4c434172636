import type { ModuleContext } from "../../core/module.ts";
import { untilRead } from "../../core/pace.ts";
import type { Packet } from "../../core/router.ts";
import { finElement, metadataElement, resultStanza } from "../../features/archive/answer.ts";
import type { ArchiveIntake } from "../../features/archive/intake.ts";
import { NS_ARCHIVE, NS_FULL_TEXT, queryForm, readQuery } from "../../features/archive/query.ts";
import type { Element } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { preferencesElement, readPreferences } from "./preferences.ts";
import { NS_RETRACT, type Retractions } from "./retraction.ts";
import type { Wishes } from "./wishes.ts";

/** Accounts read their archives (XEP-0313 4, 5) and say what is to be kept (XEP-0441). */
export function serveArchives(
  ctx: Pick<ModuleContext<unknown>, "core" | "feature" | "host" | "iq">,
  { intake, retractions, wishes }: { intake: ArchiveIntake; retractions: Retractions; wishes: Wishes },
  { max_page: maxPage, tombstones: hasTombstones }: { readonly max_page: number; readonly tombstones: boolean },
): void {
  const { core, host } = ctx;
  const store = core.stores.archive;
  /** Accounts with a search under way: one at a time, it may go through all that they have. */
  const searching = new Set<string>();

  if (hasTombstones) ctx.feature(`${NS_RETRACT}#tombstone`, "account");
  ctx.feature(NS_RETRACT, "account");
  for (const feature of [NS_ARCHIVE, `${NS_ARCHIVE}#extended`, `${NS_ARCHIVE}#groupchat-field`, NS_FULL_TEXT]) {
    ctx.feature(feature, "account");
  }
  ctx.feature(NS.stanzaId, "both");
  ctx.iq("account", "get", [NS_ARCHIVE, "query"], (_, packet) => {
    checkOwner(packet);
    return queryForm();
  });
  ctx.iq("account", "set", [NS_ARCHIVE, "query"], async (iq, packet) => {
    checkOwner(packet);
    const { to, from, origin } = packet;
    const { query, isFlipped, queryId } = readQuery(iq.payload!, { host: host.name, local: to.local }, maxPage);
    const isSearch = query.text !== undefined;
    if (isSearch && searching.has(to.bare)) throw StanzaError.of("resource-constraint", "one search at a time");
    if (isSearch) searching.add(to.bare);
    await retractions.underWay(to);
    intake.flush();
    const page = await store.query(query).finally(() => isSearch && searching.delete(to.bare));
    if (page === null) throw StanzaError.of("item-not-found", "an id in the query is not in the archive");
    const { session } = origin;
    if (session !== null) await untilRead(session, () => session.isClosed);
    const addresses = { from: to.bare, to: from.full };
    for (const item of isFlipped ? page.items.toReversed() : page.items) {
      const result = resultStanza(item, addresses, queryId);
      // Past messages that are held back: the answer that ends the results is not held back either.
      if (session === null) origin.answer(result);
      else session.sendNow(result);
    }
    if (session !== null) await host.hooks.fire("archive/read", { session });
    return finElement(page);
  });
  ctx.iq("account", "get", [NS_ARCHIVE, "metadata"], async (_, packet) => {
    checkOwner(packet);
    intake.flush();
    return metadataElement(await store.bounds(host.name, packet.to.local));
  });
  ctx.iq("account", "get", [NS_ARCHIVE, "prefs"], async (_, packet) => {
    checkOwner(packet);
    return preferencesElement(await wishes.of(packet.to));
  });
  ctx.iq("account", "set", [NS_ARCHIVE, "prefs"], async (iq, packet): Promise<Element> => {
    checkOwner(packet);
    const preferences = readPreferences(iq.payload!);
    await wishes.set(packet.to, preferences);
    return preferencesElement(preferences);
  });
}

function checkOwner({ from, to }: Packet): void {
  if (from.bare !== to.bare) throw StanzaError.of("forbidden");
}

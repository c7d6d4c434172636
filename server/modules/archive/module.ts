import { z } from "zod";
import type { StampedMessage } from "../../core/hooks.ts";
import { defineModule } from "../../core/module.ts";
import { untilRead } from "../../core/pace.ts";
import type { Packet } from "../../core/router.ts";
import { withoutStanzaId, withStanzaId } from "../../core/stanza-id.ts";
import { finElement, metadataElement, resultStanza } from "../../features/archive/answer.ts";
import { isArchivable } from "../../features/archive/archivable.ts";
import { ArchiveIntake } from "../../features/archive/intake.ts";
import { NS_ARCHIVE, NS_FULL_TEXT, queryForm, readQuery } from "../../features/archive/query.ts";
import type { Element } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { ArchivePolicy, preferencesElement, readPreferences } from "./preferences.ts";
import { NS_RETRACT, Retractions } from "./retraction.ts";
import { Wishes } from "./wishes.ts";

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;
const perStep = 500;

export const archive = defineModule({
  name: "archive",
  summary: "Keeps the history of accounts and lets their clients read it.",
  xeps: [
    { number: 313, version: "1.1.3", note: "Archives of accounts." },
    { number: 359, version: "0.7.0" },
    { number: 441, version: "0.2.0" },
    { number: 431, version: "0.2.0", note: "All words must occur, in the body or the subject." },
    {
      number: 59,
      version: "1.0",
      status: "partial",
      note: "Pages by id; the number of messages where it is asked for.",
    },
    { number: 297, version: "1.0" },
    { number: 424, version: "0.4.2", note: "Retractions are kept, and what they retract becomes a tombstone." },
  ],
  requires: ["message"],
  options: z.strictObject({
    default_policy: ArchivePolicy.default("always").describe(
      "Whose messages are kept for users who have not said what they want (XEP-0441): everybody's, nobody's, or their contacts'.",
    ),
    keep_days: z.int().min(0).max(36_500).default(365).describe("Days that messages are kept; 0: for good."),
    max_messages: z
      .int()
      .min(0)
      .max(100_000_000)
      .default(0)
      .describe("Messages kept for one account; the oldest leave first. 0: no limit."),
    tombstones: z
      .boolean()
      .default(true)
      .describe("A message that its sender retracts (XEP-0424) loses its content in the archives of both sides."),
    max_page: z.int().min(10).max(1000).default(250).describe("Messages in one page of an answer."),
  }),
  async start(ctx) {
    const { core, host, options, log } = ctx;
    const store = core.stores.archive;
    const intake = new ArchiveIntake(store, log);
    const wishes = new Wishes(store, host, options.default_policy);
    /** Accounts with a search under way: one at a time, it may go through all that they have. */
    const searching = new Set<string>();
    core.messageKeys.startAfter(await store.lastId());

    const keepOwn = (packet: Packet): undefined => {
      const { stanza, from, to, origin } = packet;
      const key = core.messageKeys.next(core.clock.now());
      packet.keptAs = key;
      const copy = { host: host.name, local: from.local, key, peer: to.full, isOwn: true };
      intake.add(origin, stanza.type ?? "normal", withoutStanzaId(stanza, from.bare).toString(), copy);
    };
    const keep = ({ origin, from, to }: Packet, { key, original }: StampedMessage): void => {
      const copy = { host: host.name, local: to.local, key, peer: from.full, isOwn: false };
      intake.add(origin, original.type ?? "normal", original.toString(), copy);
    };
    const stamp = ({ stanza, to }: Packet): StampedMessage => {
      const key = core.messageKeys.next(core.clock.now());
      return { key, original: stanza, stanza: withStanzaId(stanza, to.bare, key) };
    };

    // After whoever may drop it. What somebody sends to the own account is kept once, as it arrives.
    ctx.hook(
      "stanza/sent",
      (packet) => {
        const { stanza, from, to } = packet;
        if (stanza.kind !== "message" || !isArchivable(stanza) || to.bare === from.bare) return undefined;
        const isWanted = wishes.isWanted(from, to);
        if (isWanted instanceof Promise) return isWanted.then((is) => (is ? keepOwn(packet) : undefined));
        if (isWanted) keepOwn(packet);
        return intake.catchingUp?.then(() => undefined);
      },
      90,
    );
    ctx.hook("message/stamp", (packet) => {
      if (!isArchivable(packet.stanza)) return undefined;
      const isWanted = wishes.isWanted(packet.to, packet.from);
      if (isWanted instanceof Promise) return isWanted.then((is) => (is ? stamp(packet) : undefined));
      return isWanted ? stamp(packet) : undefined;
    });
    ctx.hook("message/delivered", ({ packet, kept }) => {
      if (kept !== undefined) keep(packet, kept);
    });
    // What is stored for later is put into the archive by the same commit; the sender's copy comes along.
    ctx.hook(
      "message/offline",
      ({ packet, kept, notStored }) => {
        if (kept !== undefined && notStored !== null) keep(packet, kept);
        intake.hurry();
        return undefined;
      },
      49,
    );

    const retractions = new Retractions(store, {
      isOn: options.tombstones,
      now: () => core.clock.now(),
      flush: intake.flush,
      log,
    });
    const isRetraction = ({ stanza }: Packet): boolean => stanza.has("retract", NS_RETRACT);
    // The sender's next stanza waits: one search at a time.
    ctx.hook(
      "stanza/sent",
      (packet) => {
        if (packet.keptAs === undefined || !isRetraction(packet)) return undefined;
        return retractions.take(packet, { owner: packet.from, peer: packet.to.bare, isOwn: true });
      },
      91,
    );
    // Below a bare JID that is no account of ours there may be different people: occupants of a room.
    const retractFrom = (packet: Packet): void => {
      const { from, to } = packet;
      const peer = core.hosts.get(from.domain) === undefined ? from.full : from.bare;
      void retractions.take(packet, { owner: to, peer, isOwn: false });
    };
    ctx.hook("message/delivered", ({ packet, kept }) => {
      if (kept !== undefined && isRetraction(packet)) retractFrom(packet);
    });
    ctx.hook(
      "message/offline",
      ({ packet, kept }) => {
        if (kept !== undefined && isRetraction(packet)) retractFrom(packet);
        return undefined;
      },
      49,
    );

    if (options.tombstones) ctx.feature(`${NS_RETRACT}#tombstone`, "account");
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
      const { query, isFlipped, queryId } = readQuery(
        iq.payload!,
        { host: host.name, local: to.local },
        options.max_page,
      );
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

    let isPurging = false;
    const purge = async (): Promise<void> => {
      if (isPurging) return;
      isPurging = true;
      try {
        while (!ctx.signal.aborted && (await store.purge(perStep)) > 0);
      } finally {
        isPurging = false;
      }
    };
    // XEP-0386 3.2: the state of the archive as the session begins.
    ctx.hook("session/binding", async ({ user, facts }) => {
      intake.flush();
      facts.push(metadataElement(await store.bounds(host.name, user.local)));
    });
    ctx.hook("account/removed", ({ user }) => {
      wishes.forget(user);
      void purge().catch((error: unknown) =>
        log.error("a removed account's messages are still there", { error: String(error) }),
      );
    });
    ctx.every(hourMs, async () => {
      const before = options.keep_days === 0 ? 0 : core.clock.now() - options.keep_days * dayMs;
      let after: number | null = before === 0 && options.max_messages === 0 ? null : 0;
      while (after !== null && !ctx.signal.aborted) {
        const step: { upTo: number | null } = await store.prune(
          host.name,
          after,
          before,
          options.max_messages,
          perStep,
        );
        after = step.upTo;
      }
      await purge();
    });
    ctx.onStop(intake.flush);
  },
});

function checkOwner({ from, to }: Packet): void {
  if (from.bare !== to.bare) throw StanzaError.of("forbidden");
}

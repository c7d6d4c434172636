import { z } from "zod";
import type { StampedMessage } from "../../core/hooks.ts";
import { defineModule } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { withoutStanzaId, withStanzaId } from "../../core/stanza-id.ts";
import { metadataElement } from "../../features/archive/answer.ts";
import { isArchivable } from "../../features/archive/archivable.ts";
import { ArchiveIntake } from "../../features/archive/intake.ts";
import { ArchivePolicy } from "./preferences.ts";
import { pruneEachHour } from "./pruning.ts";
import { followRetractions } from "./retraction-hooks.ts";
import { Retractions } from "./retraction.ts";
import { serveArchives } from "./serving.ts";
import { Wishes } from "./wishes.ts";

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
    followRetractions(ctx, retractions);
    serveArchives(ctx, { intake, wishes, retractions }, options);
    const purge = pruneEachHour(ctx, options);
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
    ctx.onStop(intake.flush);
  },
});

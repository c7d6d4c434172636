import { z } from "zod";
import type { OfflineDelivery, OfflineOutcome } from "../../core/hooks.ts";
import { defineModule } from "../../core/module.ts";
import { NS_ARCHIVE } from "../../features/archive/query.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { ArchiveReaders } from "./archive-readers.ts";
import { Drains } from "./drain.ts";
import { serveFlexibly } from "./flexible.ts";
import { offlineRule } from "./rule.ts";

const NS_EXPIRE = "jabber:x:expire";
const dayMs = 24 * 60 * 60 * 1000;
const secondMs = 1000;
const hourMs = 60 * 60 * 1000;
const expiredPerStep = 1000;

export const offline = defineModule({
  name: "offline",
  summary: "Keeps messages for accounts that are away and hands them over at the next login.",
  xeps: [
    { number: 160, version: "1.0.1" },
    { number: 203, version: "2.0" },
    { number: 13, version: "1.3" },
    { number: 334, version: "1.0.0", status: "partial", note: "The hints that concern offline storage." },
    { number: 23, version: "1.3", status: "partial", note: "Messages that have expired are not delivered." },
  ],
  requires: ["message"],
  options: z.strictObject({
    store_empty_body: z
      .enum(["never", "unless_chat_state", "always"])
      .default("never")
      .describe("Messages with nothing in them for a person: receipts, markers, chat states."),
    max_bytes: z
      .int()
      .min(1024)
      .max(1e12)
      .default(10 * 1024 * 1024)
      .describe(
        "Bytes kept for one account where the shaper rule max_user_offline_bytes says nothing; the number of messages is limited by max_user_offline_messages.",
      ),
    archive_seconds: z
      .int()
      .min(0)
      .max(60)
      .default(3)
      .describe(
        "Time that a client which was told the state of its archive at login (XEP-0386) has to begin to read there. It is then not sent what the archive has; one that does not read is sent everything. 0: everything is sent at once.",
      ),
    expire_days: z.int().min(0).max(36_500).default(0).describe("Days until a message expires; 0: never."),
  }),
  start(ctx) {
    const { core, host, options, log } = ctx;
    const drains = new Drains(core, log);
    const readers = new ArchiveReaders(core, drains, options.archive_seconds * 1000);

    const limitsOf = (user: Jid): { readonly maxMessages: number; readonly maxBytes: number } => {
      const subject = { jid: user, ip: null, host: host.name };
      return {
        maxMessages: core.policy.limit("max_user_offline_messages", subject),
        maxBytes: core.policy.limit("max_user_offline_bytes", subject, options.max_bytes),
      };
    };

    const store = async (event: OfflineDelivery): Promise<OfflineOutcome | undefined> => {
      const { packet, user, at, forwards, kept } = event;
      const stanza = kept?.original ?? packet.stanza;
      const stored = event.notStored === null;
      try {
        const result = await core.stores.offline.commit({
          host: host.name,
          local: user.local,
          message: stored
            ? {
                archiveAs: kept?.key,
                from: packet.from.full,
                type: stanza.type ?? "normal",
                at,
                expiresAt: expiry(stanza, at, options.expire_days),
                xml: stanza.toString(),
              }
            : null,
          ...limitsOf(user),
          forwards,
        });
        if (result === "full") return StanzaError.of("resource-constraint", "too much waits for this account already");
        if (!stored) return undefined;
        drains.deliver(user);
        return "stored";
      } catch (error) {
        log.error("a message could not be stored", { user: user.bare, error: String(error) });
        return StanzaError.of("internal-server-error", undefined, { type: "wait" });
      }
    };

    ctx.feature("msgoffline");
    serveFlexibly(ctx, (session) => drains.leaveTo(session));
    ctx.hook("offline/limits", ({ user }) => ({ ...limitsOf(user), expireDays: options.expire_days }));
    ctx.hook("offline/deliver", ({ user }) => drains.deliver(user));
    ctx.hook("offline/room", async ({ user, bytes }) => {
      const { maxMessages, maxBytes } = limitsOf(user);
      const waiting = await core.stores.offline.depth(host.name, user.local);
      if (waiting.messages < maxMessages && waiting.bytes + bytes <= maxBytes) return { refusal: null };
      return { refusal: `${waiting.messages} messages of ${waiting.bytes} bytes wait for ${user.bare} already` };
    });
    ctx.hook("offline/verdict", ({ stanza }) => offlineRule(stanza, options.store_empty_body) ?? undefined);
    ctx.hook(
      "message/offline",
      (event) => (event.notStored === null || event.forwards.length > 0 ? store(event) : undefined),
      50,
    );
    ctx.hook("session/informed", ({ session, facts }) => {
      if (facts.some(({ ns }) => ns === NS_ARCHIVE)) readers.expect(session);
    });
    ctx.hook("archive/read", ({ session }) => readers.hasRead(session));
    ctx.hook("session/reachable", ({ session }) => readers.begin(session));
    ctx.hook("session/detached", ({ session }) => readers.leave(session), 5);
    ctx.hook("session/closed", ({ session }) => readers.leave(session), 5);
    ctx.every(secondMs, () => readers.look());
    ctx.hook("session/resumed", ({ session, repeated }) => drains.resumed(session, repeated));
    // Another resource is served before the message module gives it what is newer.
    ctx.hook("session/detached", ({ session }) => drains.lost(session), 10);
    ctx.hook("session/closed", ({ session }) => drains.lost(session), 10);
    ctx.every(hourMs, async () => {
      while (!ctx.signal.aborted) {
        const removed = await core.stores.offline.removeExpired(core.clock.now(), expiredPerStep);
        if (removed < expiredPerStep) break;
      }
      while (!ctx.signal.aborted && (await core.stores.archive.purge(expiredPerStep)) > 0);
    });
  },
});

/** When the message expires, by the module's option and by the sender's wish (XEP-0023), whichever is first. */
function expiry(stanza: Stanza, at: number, days: number): number | null {
  const byOption = days === 0 ? Infinity : at + days * dayMs;
  const seconds = stanza.child("x", NS_EXPIRE)?.attr("seconds");
  const bySender = seconds !== undefined && /^\d{1,10}$/.test(seconds) ? at + Number(seconds) * 1000 : Infinity;
  const first = Math.min(byOption, bySender);
  return first === Infinity ? null : first;
}

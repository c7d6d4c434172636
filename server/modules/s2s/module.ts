import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { external } from "./external.ts";
import { RemotePresence } from "./remote-presence.ts";
import { tls } from "./tls.ts";

/** Before those who deal with presence: what it says is noted in any case. */
const notingPriority = 10;

const AccessRule = z.string().min(1).max(200);

export const s2s = defineModule({
  name: "s2s",
  summary:
    "Exchanges stanzas with other servers: with those that the access rule `s2s_access` allows, and with none as long as there is no such rule.",
  accessRules: ["s2s_access"],
  xeps: [
    {
      number: 178,
      version: "1.2",
      note: "between servers: SASL EXTERNAL, with the authorization identity of the stream",
    },
    { number: 368, version: "1.1.0", note: "links to other servers: SRV records of both kinds are one list" },
  ],
  rfcs: ["RFC 6120 3.2, 4 to 6, 10.4, 13.7", "RFC 7590"],
  options: z.strictObject({
    without_tls: AccessRule.nullable()
      .default(null)
      .describe("Access rule for servers that may talk to this one without encryption; null: none may."),
    max_queued: z
      .int()
      .min(1)
      .max(100_000)
      .default(500)
      .describe("Stanzas that may wait for a link, for each pair of domains."),
    max_queued_kib: z.int().min(64).max(65_536).default(1024).describe("How much may wait so, in KiB of text."),
    queue_seconds: z
      .int()
      .min(1)
      .max(3600)
      .default(60)
      .describe("How long a stanza waits for a link until its sender is told that the server cannot be reached."),
    idle_seconds: z
      .int()
      .min(60)
      .max(86_400)
      .default(3600)
      .describe("A link that nothing was sent over for so long is closed."),
  }),
  start(ctx) {
    const { core, host, options } = ctx;
    const { links, policy } = core;
    const withoutTls = options.without_tls;
    const stop = links.federations.serve(host, {
      isTlsRequired: (remote: Jid) =>
        withoutTls === null || !policy.allows(withoutTls, { jid: remote, ip: null, host: host.name }),
      maxQueuedStanzas: options.max_queued,
      maxQueuedLength: options.max_queued_kib * 1024,
      queueMs: options.queue_seconds * 1000,
      idleMs: options.idle_seconds * 1000,
    });
    ctx.onStop(() => {
      stop();
      links.follow();
    });
    for (const feature of [tls, external]) ctx.onStop(links.federations.add(host, feature));
    ctx.hook("stanza/remote", (packet) => (links.send(packet) ? "handled" : undefined));

    const presence = new RemotePresence(core, host);
    ctx.hook("presence/bare", (packet) => presence.note(packet), notingPriority);
    ctx.hook("presence/full", (packet) => presence.note(packet), notingPriority);
    ctx.hook("session/closed", ({ session }) => presence.forget(session));
    ctx.hook("remote/broken", ({ local, remote }) =>
      local === host.name && presence.isWatching(remote) ? true : undefined,
    );
    ctx.hook("remote/gone", ({ local, remote }) => (local === host.name ? presence.gone(remote) : undefined));
    ctx.hook("remote/back", ({ local, remote }) => (local === host.name ? presence.back(remote) : undefined));
  },
});

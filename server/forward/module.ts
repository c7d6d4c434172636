import { z } from "zod";
import type { Policy } from "../../lib/contracts/policy.ts";
import { defineModule } from "../core/module.ts";
import type { NewOutboxEvent } from "../storage/ports.ts";
import { Jid } from "../xmpp/jid.ts";
import { Cancellation, displayedNode } from "./plan/cancellation.ts";
import { occasionOf, planEvents } from "./plan/plan.ts";
import { classifyRoom } from "./rules/classify.ts";
import { HostRules } from "./rules/compile.ts";
import { FaultLog } from "./rules/fault-log.ts";

export const forward = defineModule({
  name: "forward",
  summary: "Plans which web servers and phones hear of a message for somebody who is away.",
  xeps: [],
  options: z.strictObject({}),
  start(ctx) {
    const { host, core, log, hook } = ctx;
    const { policy, stores, clock } = core;
    const faults = new FaultLog(log, clock);
    const compile = (): HostRules =>
      new HostRules(host.name, policy.document.forward, {
        matchesAcl: (name, jid) => policy.matchesAcl(name, { jid, ip: null, host: host.name }),
        onFault: faults.note,
      });
    let rules = compile();
    const cancellation = new Cancellation(stores.outbox, clock, log);
    cancellation.load(host.name).catch((error: unknown) => {
      log.error("what may be cancelled could not be read", { error: String(error) });
    });

    ctx.onStop(
      policy.onChange((now: Policy, before: Policy) => {
        if (now.forward !== before.forward) rules = compile();
      }),
    );

    /** Commits what is about nothing that is kept as a message; resolves when it is on disk. */
    const commit = async (user: Jid, forwards: readonly NewOutboxEvent[]): Promise<void> => {
      for (const event of forwards) cancellation.planned(event);
      const unit = { host: host.name, local: user.local, message: null, maxMessages: Infinity, maxBytes: Infinity };
      try {
        await stores.offline.commit({ ...unit, forwards });
      } catch (error) {
        log.error("forwards could not be stored", { user: user.bare, error: String(error) });
      }
    };

    /** A room, or somebody in it, can be blocked like everybody else. */
    const commitUnlessBlocked = async (user: Jid, from: Jid, forwards: readonly NewOutboxEvent[]): Promise<void> => {
      const isBlocked = await host.hooks.fire("stanza/blocked", { user, other: from });
      if (isBlocked !== true) await commit(user, forwards);
    };

    hook(
      "message/offline",
      (delivery) => {
        const occasion = occasionOf(delivery);
        if (occasion === null) return;
        for (const event of planEvents(rules, occasion)) {
          delivery.forwards.push(event);
          cancellation.planned(event);
        }
      },
      45,
    );
    hook("subscription/waiting", ({ user, from, stanza, forwards }) => {
      if (rules.ignores("subscription")) return undefined;
      const occasion = { class: "subscription", stanza, from, to: user, user, at: clock.now() } as const;
      for (const event of planEvents(rules, occasion)) {
        forwards.push(event);
        cancellation.planned(event);
      }
      return undefined;
    });
    hook("groupchat/absent", ({ stanza, from, at, recipients }) => {
      if (rules.ignores("mention")) return undefined;
      const commits: Promise<void>[] = [];
      for (const { user, isMentioned } of recipients) {
        const kind = classifyRoom(stanza, isMentioned);
        const events = kind === null ? [] : planEvents(rules, { class: kind, stanza, from, to: user, user, at });
        if (events.length > 0) commits.push(commitUnlessBlocked(user, from, events));
      }
      return commits.length === 0 ? undefined : Promise.all(commits).then(() => undefined);
    });

    hook("session/reachable", ({ session }) => {
      cancellation.cameOnline(session.bare);
    });
    hook(
      "stanza/sent",
      (packet) => {
        if (!cancellation.isIdle && packet.stanza.kind === "message") cancellation.sent(packet);
        return undefined;
      },
      90,
    );
    // XEP-0490 3: the item's id is the JID of the conversation.
    hook("pep/changed", ({ user, node, published }) => {
      if (cancellation.isIdle || node !== displayedNode) return undefined;
      for (const { id } of published) {
        const from = Jid.tryParse(id);
        if (from !== undefined) cancellation.read(user, from);
      }
      return undefined;
    });
    for (const name of ["message/bare", "message/full"] as const) {
      hook(
        name,
        (packet) => {
          if (!cancellation.isIdle) cancellation.arrived(packet);
          return undefined;
        },
        10,
      );
    }
  },
});

import { z } from "zod";
import { defineModule, type StreamFeature } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import type { AccountRoster } from "./account-roster.ts";
import { RosterBook } from "./book.ts";
import { correct } from "./correction.ts";
import { getRoster, setRoster } from "./queries.ts";
import { followShared } from "./shared.ts";
import { isSubscriptionType } from "./states.ts";
import { Subscriptions } from "./subscriptions.ts";

const NS_VERSIONING = "urn:xmpp:features:rosterver";
const NS_PRE_APPROVAL = "urn:xmpp:features:pre-approval";

/** Before the presence module, which leaves subscriptions alone. */
const priority = 40;

export const roster = defineModule({
  name: "roster",
  summary: "Keeps contact lists and presence subscriptions.",
  xeps: [{ number: 237, version: "1.3", note: "Roster versioning, by now part of RFC 6121 2.6." }],
  rfcs: ["RFC 6121 2, 3"],
  options: z.strictObject({
    max_items: z.int().min(1).max(100_000).default(1000).describe("Contacts, and requests that wait, per account."),
    max_idle: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(1000)
      .describe("Rosters kept in memory of accounts that are not online."),
  }),
  start(ctx) {
    const { core, host, options } = ctx;
    const book = new RosterBook(core, host.name, { maxItems: options.max_items, maxIdle: options.max_idle });
    const subscriptions = new Subscriptions(core, book);

    ctx.streamFeature(announced("roster-versioning", "ver", NS_VERSIONING));
    ctx.streamFeature(announced("pre-approval", "sub", NS_PRE_APPROVAL));
    ctx.iq("account", "get", [NS.roster, "query"], (iq, packet) => getRoster(iq, packet, book, core));
    ctx.iq("account", "set", [NS.roster, "query"], (iq, packet) => setRoster(iq, packet, book, subscriptions.cancel));
    ctx.feature(NS.roster);

    ctx.hook("roster/contacts", ({ user }) => book.of(user));
    ctx.hook("presence/visible", ({ user, from }) => {
      if (from.bare === user.bare) return true;
      const found = book.of(user);
      return found instanceof Promise
        ? found.then((one) => isSubscriber(one, from.bare))
        : isSubscriber(found, from.bare);
    });

    const settled = async <Result>(packet: Packet, work: Promise<void>, result: Result): Promise<Result> => {
      try {
        await work;
      } catch (error) {
        if (!(error instanceof StanzaError)) throw error;
        core.router.bounce(packet, error);
      }
      return result;
    };
    ctx.hook(
      "stanza/sent",
      (packet) => {
        const { stanza } = packet;
        if (stanza.kind !== "presence" || !isSubscriptionType(stanza.type)) return undefined;
        if (stanza.to === undefined) {
          core.router.bounce(packet, StanzaError.of("bad-request"));
          return "drop";
        }
        return settled(packet, subscriptions.send(packet, stanza.type), "drop");
      },
      priority,
    );
    const receive = (packet: Packet): Promise<"handled"> | undefined => {
      const { type } = packet.stanza;
      return isSubscriptionType(type) ? settled(packet, subscriptions.receive(packet, type), "handled") : undefined;
    };
    ctx.hook("presence/bare", receive, priority);
    ctx.hook("presence/full", receive, priority);

    ctx.hook("presence/initial", ({ session }) => {
      const found = book.of(session.bare);
      const sendRequests = (one: AccountRoster): undefined => {
        if (session.isAvailable) for (const request of one.requests) session.send(Stanza.parse(request));
      };
      return found instanceof Promise ? found.then(sendRequests) : sendRequests(found);
    });
    ctx.hook("roster/agreed", async ({ user, contact }) => {
      await subscriptions.agree(user, contact);
      return undefined;
    });
    ctx.hook("roster/welcome", async ({ user, contact }) => {
      await subscriptions.welcome(user, contact);
      return undefined;
    });
    ctx.hook("roster/corrected", ({ user, contact, item }) => correct(book, user, contact, item));
    followShared(ctx, book);
    ctx.hook("account/imported", ({ user }) => {
      book.forget(user);
    });
    ctx.hook("account/removing", ({ user }) => subscriptions.prepareRemoval(user));
    ctx.hook("account/removed", ({ user }) => subscriptions.removed(user));
  },
});

function isSubscriber(roster: AccountRoster, jid: string): boolean {
  const subscription = roster.own(jid)?.subscription;
  return subscription === "from" || subscription === "both" || roster.isSharedWith(jid);
}

/** A stream feature that only says that something is there (RFC 6121 2.6.1, 3.4.1); nothing is negotiated. */
function announced(name: string, element: string, ns: string): StreamFeature {
  const offer = el(element, ns);
  return {
    name,
    order: 900,
    offer: (stream) => (stream.account === null ? undefined : offer),
    handles: [],
    handle() {},
  };
}

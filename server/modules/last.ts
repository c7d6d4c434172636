import { z } from "zod";
import { defineModule } from "../core/module.ts";
import type { Session } from "../core/session.ts";
import { type Element, el } from "../xmpp/element.ts";
import { StanzaError } from "../xmpp/errors.ts";

const NS_LAST = "jabber:iq:last";
const maxStatusLength = 1000;

interface Activity {
  readonly at: number;
  readonly status: string;
}

export const last = defineModule({
  name: "last",
  summary: "Remembers when an account was last here.",
  xeps: [{ number: 12, version: "2.0" }],
  options: z.strictObject({}),
  start(ctx) {
    const { core, host } = ctx;

    /** Of whom something is being written, and what is to be written next: one write at a time for who comes and goes all the time. */
    const writing = new Map<string, Activity | null>();

    const note = ({ bare: { local } }: Session, status: string): void => {
      const activity = { at: core.clock.now(), status: status.slice(0, maxStatusLength) };
      if (writing.has(local)) writing.set(local, activity);
      else void write(local, activity);
    };
    const write = async (local: string, first: Activity): Promise<void> => {
      for (let next: Activity | null = first; next !== null; next = writing.get(local) ?? null) {
        writing.set(local, null);
        await core.stores.accounts.setLastActivity(host.name, local, next.at, next.status).catch((error: unknown) => {
          ctx.log.error("the last activity could not be stored", { user: local, error: String(error) });
        });
      }
      writing.delete(local);
    };
    const isAvailable = (session: Session): boolean => session.isAvailable;

    ctx.feature(NS_LAST, "both");
    ctx.iq("host", "get", [NS_LAST, "query"], () => seconds(core.clock.now() - core.metrics.startedAt));
    // XEP-0012 8: to those only who may see the account's presence.
    ctx.iq("account", "get", [NS_LAST, "query"], async (_, { from, to }) => {
      if ((await host.hooks.fire("presence/visible", { user: to, from })) !== true) throw StanzaError.of("forbidden");
      if (core.sessions.of(to).some(isAvailable)) return seconds(0);
      const account = await core.stores.accounts.find(host.name, to.local);
      if (account === null || account.lastActivity === null) throw StanzaError.of("service-unavailable");
      return seconds(core.clock.now() - account.lastActivity.at, account.lastActivity.status);
    });

    ctx.hook("presence/gone", ({ session, stanza }) => {
      if (!core.sessions.of(session.bare).some(isAvailable)) note(session, stanza?.childText("status") ?? "");
    });
    // A session that ends while available is told of by presence/gone, later in this chain.
    ctx.hook(
      "session/closed",
      ({ session }) => {
        if (!session.isAvailable && core.sessions.of(session.bare).length === 0) note(session, "");
      },
      20,
    );
  },
});

function seconds(ms: number, status = ""): Element {
  return el("query", NS_LAST, { seconds: String(Math.max(0, Math.floor(ms / 1000))) }, status);
}

import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import type { Session } from "../../core/session.ts";
import { Jid } from "../../xmpp/jid.ts";
import { GroupBook } from "./book.ts";
import { contactsOf } from "./contacts.ts";

const staleCheckMs = 60_000;
/** Before the roster is asked for, and before presence goes out. */
const first = 10;

export const sharedGroups = defineModule({
  name: "shared-groups",
  summary: "Puts the members of groups into each other's rosters.",
  xeps: [],
  options: z.strictObject({
    max_contacts: z
      .int()
      .min(1)
      .max(10_000)
      .default(1000)
      .describe("Contacts that one account has from groups; of more, the first by name are shown."),
  }),
  requires: ["roster"],
  async start(ctx) {
    const { core, host, options, log } = ctx;
    const book = new GroupBook(core, host.name, options.max_contacts);
    const tell = async (users: readonly Jid[] | null): Promise<void> => {
      await host.hooks.fire("roster/shared-changed", { users });
    };
    // The last thing when the module stops: by then nobody answers `roster/shared` any more.
    ctx.onStop(() => void tell(null));

    await book.load();
    ctx.hook("roster/shared", ({ user }) => contactsOf(book, user));
    ctx.hook("groups/changed", async () => {
      await book.load();
      await tell(null);
      return undefined;
    });
    ctx.every(staleCheckMs, async () => {
      if (!(await book.isStale())) return;
      await book.load();
      await tell(null);
    });

    const accountsChanged = async (): Promise<undefined> => {
      if (!book.hasEverybody) return;
      await book.load();
      await tell(null);
    };
    ctx.hook("account/created", accountsChanged);
    ctx.hook("account/removed", async ({ user }) => {
      if (book.isEmpty) return undefined;
      const watchers = book.watchersOf(user.local);
      book.forget(user.local);
      await tell(accounts(watchers));
      return undefined;
    });

    const accounts = (locals: Iterable<string>): Jid[] => Array.from(locals, (local) => Jid.of(local, host.name));
    /** Somebody is online now: in groups of those who are, there is one more. */
    const came = async ({ bare }: Session): Promise<undefined> => {
      if (!book.isEmpty && core.sessions.of(bare).length === 1)
        await tell(book.hasOnline ? [bare, ...accounts(book.watchersOf(bare.local))] : [bare]);
    };
    ctx.hook("session/bound", ({ session }) => came(session), first);
    ctx.hook("session/closed", ({ session }) => {
      if (!book.hasOnline || core.sessions.of(session.bare).length > 0) return undefined;
      tell(accounts(book.watchersOfOnline())).catch((error: unknown) =>
        log.error("rosters were not told that somebody left", { error: String(error) }),
      );
      return undefined;
    });

    await tell(null);
  },
});

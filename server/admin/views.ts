import { randomBytes } from "node:crypto";
import type { contract } from "../../lib/contracts/index.ts";
import { type SavedView, ViewPage } from "../../lib/contracts/views.ts";
import type { SavedViewRow } from "../storage/ports.ts";
import { refused } from "./errors.ts";
import type { Admin } from "./parts.ts";
import type { Verbs } from "./verbs.ts";

const maxViews = 100;

/** Named filters. Those of a key or of the control socket belong to its name. */
export function views({ core, events }: Admin): Verbs<typeof contract.views> {
  const { stores, clock } = core;
  return {
    async list({ page }, { author }) {
      const rows = await stores.views.list(page, author);
      return { items: rows.map((row) => describe(row, author)) };
    },

    async save({ page, name, query, shared }, call) {
      const { author } = call;
      const id = randomBytes(9).toString("base64url");
      const row = { id, owner: author, page, name, query, shared, createdAt: clock.now() };
      call.note(name);
      if (!(await stores.views.put(row, maxViews)))
        throw refused("conflict", "too-many-views", { author, most: maxViews });
      events.publish("views", null, author);
      return describe(row, author);
    },

    async remove({ id }, call) {
      const row = await stores.views.find(id);
      // Somebody else's shared view goes with whoever may decide about everybody's console.
      const isTheirs = row !== null && (row.owner === call.author || (row.shared && call.may("roles:write")));
      if (!isTheirs) throw refused("not-found", "no-such-view");
      call.note(row.name);
      await stores.views.remove(id);
      events.publish("views", null, call.author);
      return { ok: true };
    },
  };
}

function describe({ id, page, name, query, shared, owner }: SavedViewRow, author: string): SavedView {
  return { id, page: ViewPage.parse(page), name, query, shared, owner, isMine: owner === author };
}

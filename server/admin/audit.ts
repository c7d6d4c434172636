import type { contract } from "../../lib/contracts/index.ts";
import { negated } from "../../lib/contracts/negation.ts";
import type { AuditEntry } from "../../lib/contracts/server.ts";
import type { AuditRow } from "../storage/ports.ts";
import type { Admin } from "./parts.ts";
import { timestamp } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

const turnable = ["actor", "action", "result"] as const;

export function audit({ core }: Admin): Verbs<typeof contract.audit> {
  return {
    async list({ cursor, limit, actor, action, result, search, since, until, not }) {
      const turned = negated({ not });
      const filter = {
        actor,
        action,
        result,
        search,
        since: millis(since),
        until: millis(until),
        not: turnable.filter((name) => turned.has(name)),
      };
      const page = await core.stores.admin.auditList(filter, { cursor, limit });
      return { ...page, items: page.items.map(auditEntry) };
    },

    async verify() {
      const { badId, rows, head } = await core.stores.admin.auditBreak();
      return { intact: badId === null, brokenAt: badId, rows, head: { ...head } };
    },
  };
}

export function auditEntry(row: AuditRow): AuditEntry {
  return {
    ...row,
    at: timestamp(row.at),
    detail: row.detail === null ? null : JSON.parse(row.detail),
    means: row.means === null ? null : JSON.parse(row.means),
  };
}

function millis(at: string | undefined): number | undefined {
  return at === undefined ? undefined : Date.parse(at);
}

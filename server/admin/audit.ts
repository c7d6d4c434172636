import type { contract } from "../../lib/contracts/index.ts";
import type { AuditEntry } from "../../lib/contracts/server.ts";
import type { AuditRow } from "../storage/ports.ts";
import type { Admin } from "./parts.ts";
import { timestamp } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

export function audit({ core }: Admin): Verbs<typeof contract.audit> {
  return {
    async list({ cursor, limit, actor, action, search }) {
      const page = await core.stores.admin.auditList({ actor, action, search }, { cursor, limit });
      return { ...page, items: page.items.map(auditEntry) };
    },
  };
}

export function auditEntry(row: AuditRow): AuditEntry {
  return { ...row, at: timestamp(row.at), detail: row.detail === null ? null : JSON.parse(row.detail) };
}

import type { contract } from "../../lib/contracts/index.ts";
import type { Report } from "../../lib/contracts/reports.ts";
import type { ReportRow } from "../storage/ports.ts";
import { hostName } from "./address.ts";
import type { Call } from "./call.ts";
import { refused } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { timestamp } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

export function reports({ core, events }: Admin): Verbs<typeof contract.reports> {
  const { stores, clock } = core;

  const find = async (id: string, call: Call): Promise<ReportRow> => {
    const row = await stores.reports.find(id);
    if (row === null) throw refused("not-found", "report-missing", { id });
    call.keepTo(row.host);
    if (call.audit !== null) call.note(row.jid, { id });
    return row;
  };

  const changed = (row: ReportRow, call: Call): void => events.publish("reports", row.id, call.author);

  return {
    async list({ host, state, search, cursor, limit }, call) {
      const hosts = call.hosts(host === undefined ? undefined : hostName(host));
      const page = await stores.reports.list({ hosts, state, search }, { cursor, limit });
      return { ...page, items: page.items.map((row) => describe(row, call)) };
    },

    async get({ id }, call) {
      const row = await find(id, call);
      return { ...describe(row, call), about: await stores.reports.about(row.jid) };
    },

    async resolve({ id, as, note }, call) {
      const row = await find(id, call);
      if (!(await stores.reports.resolve(id, as, call.author, note, clock.now())))
        throw refused("conflict", "report-resolved", { id });
      changed(row, call);
      return describe(await find(id, call), call);
    },

    async reopen({ id }, call) {
      const row = await find(id, call);
      if (!(await stores.reports.reopen(id))) throw refused("conflict", "report-open", { id });
      changed(row, call);
      return describe(await find(id, call), call);
    },
  };
}

function describe(row: ReportRow, call: Call): Report {
  const mayRead = call.may("bodies:read", row.host);
  return {
    ...row,
    consents: [...row.consents],
    messages: row.messages.map((message) => (mayRead ? { ...message } : { ...message, xml: null })),
    at: timestamp(row.at),
    resolved: row.resolved && { ...row.resolved, at: timestamp(row.resolved.at) },
  };
}

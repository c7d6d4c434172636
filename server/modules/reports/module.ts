import { randomBytes } from "node:crypto";
import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import { parseStanzaId } from "../../core/stanza-id.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS_REPORTING, readReport, type Said } from "./report.ts";

const dayMs = 86_400_000;
const pruneEveryMs = 3_600_000;
const pruneStep = 1000;
/** Of all reported messages of one report. */
const maxBytes = 64 * 1024;

export const reports = defineModule({
  name: "reports",
  summary: "Keeps what users report of spam and abuse when they block somebody.",
  xeps: [
    {
      number: 377,
      version: "0.4.1",
      note: "Reports are for the admins of the host; none is sent on, whatever the user agrees to.",
    },
  ],
  options: z.strictObject({
    keep_days: z.int().min(1).max(3650).default(365).describe("How long a report is kept."),
    max_per_day: z.int().min(1).max(1000).default(20).describe("Reports of one account in a day."),
    max_reports: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(10_000)
      .describe("Reports kept on this server: the oldest resolved ones make room; without any, new ones are dropped."),
  }),
  requires: ["blocking"],
  start(ctx) {
    const { core, host, options, log } = ctx;
    const { stores, clock } = core;
    ctx.feature(NS_REPORTING);

    ctx.hook("account/blocked", async ({ user, items }) => {
      for (const item of items) {
        const said = readReport(item);
        if (said !== undefined) await keep(user, said);
      }
      return undefined;
    });
    const keep = async (user: Jid, said: Said): Promise<void> => {
      const at = clock.now();
      const report = {
        ...said,
        id: randomBytes(9).toString("base64url"),
        host: host.name,
        reporter: user.bare,
        messages: await reported(user, said.messages),
        at,
      };
      const limits = {
        maxReports: options.max_reports,
        maxPerReporter: options.max_per_day,
        since: at - dayMs,
      };
      if (!(await stores.reports.add(report, limits)))
        log.warn("a report was not kept: there are too many", { reporter: user.bare, jid: said.jid });
      else await host.hooks.fire("report/added", { id: report.id });
    };

    /** The messages as they came to the account: the one who is reported cannot have them changed. */
    const reported = async (user: Jid, named: Said["messages"]) => {
      const keys = named.flatMap(({ by, id }) => (by === user.bare ? (parseStanzaId(id) ?? []) : []));
      const page =
        keys.length === 0
          ? null
          : await stores.archive.query({
              host: host.name,
              local: user.local,
              keys,
              from: "start",
              limit: keys.length,
              maxBytes,
            });
      const texts = new Map(page?.items.map(({ key, xml }) => [key.id, xml]));
      return named.map(({ by, id }) => {
        const key = by === user.bare ? parseStanzaId(id) : undefined;
        return { by, id, xml: (key && texts.get(key.id)) ?? null };
      });
    };

    ctx.every(pruneEveryMs, async () => {
      const before = clock.now() - options.keep_days * dayMs;
      while (!ctx.signal.aborted && (await stores.reports.prune(host.name, before, pruneStep)) >= pruneStep);
    });
  },
});

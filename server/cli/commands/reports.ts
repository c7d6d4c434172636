import type { Command } from "commander";
import type { Report } from "../../../lib/contracts/reports.ts";
import { apiCommand, pages } from "../context.ts";

/** Reports of spam and abuse. */
export function reportCommands(program: Command): void {
  const report = program.command("report").description("reports of spam and abuse that users have made");
  apiCommand(
    report,
    "list [host]",
    "open reports, newest first",
    async ({ api, print }, [host], options) => {
      const filter = {
        state: options["all"] === true ? "all" : "open",
        ...(host === undefined ? {} : { host }),
      } as const;
      const found: Report[] = [];
      for await (const one of pages((cursor) => api.reports.list({ ...filter, cursor, limit: 100 }))) found.push(one);
      print(found, () => found.map(line));
    },
    (command) => command.option("--all", "those that are resolved as well"),
  );
  apiCommand(report, "show <id>", "a report with what it is about", async ({ api, print }, [id = ""]) => {
    const one = await api.reports.get({ id });
    print(one, () => [
      line(one),
      ...(one.text === "" ? [] : [one.text]),
      ...one.messages.map(({ by, id: stanzaId, xml }) => `${by} ${stanzaId} ${xml ?? ""}`.trimEnd()),
    ]);
  });
  apiCommand(
    report,
    "resolve <id>",
    "close a report",
    async ({ api, print }, [id = ""], { dismissed, note }) => {
      const as = dismissed === true ? "dismissed" : "acted";
      const one = await api.reports.resolve({ id, as, ...(typeof note === "string" && { note }) });
      print(one, () => line(one));
    },
    (command) =>
      command.option("--dismissed", "there was nothing to do").option("--note <text>", "what was done, or why not"),
  );
  apiCommand(report, "reopen <id>", "open a report again", async ({ api, print }, [id = ""]) => {
    const one = await api.reports.reopen({ id });
    print(one, () => line(one));
  });
}

function line({ id, at, jid, reason, reporter, messages, resolved }: Report): string {
  const state = resolved === null ? "open" : `${resolved.as} by ${resolved.by}`;
  return [id, at, jid, reason.split(":").at(-1), `by ${reporter}`, `${messages.length} messages`, state].join("\t");
}

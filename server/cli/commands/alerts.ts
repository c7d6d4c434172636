import type { Command } from "commander";
import { AlertPolicy } from "../../../lib/contracts/operations-policy.ts";
import { apiCommand } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";

/** Who is told by message of what wants attention. */
export function alertCommands(program: Command): void {
  const alerts = program.command("alerts").description("messages about what wants attention");
  apiCommand(alerts, "show", "who is told, and of what they were told", async ({ api, print }) => {
    const { alerts: policy, told } = await api.alerts.get();
    print({ alerts: policy, told }, () => [
      policy.recipients.length === 0
        ? "nobody is told"
        : `${policy.recipients.join(", ")}: ${policy.least === "error" ? "errors" : "errors and warnings"}`,
      ...told.map(({ at, severity, text }) => `${at}  ${severity.padEnd(7)}  ${text}`),
    ]);
  });
  apiCommand(
    alerts,
    "set [jids...]",
    "say who is told; nobody, if no JID is given",
    async ({ api, print }, recipients, options) => {
      const least = AlertPolicy.shape.least.safeParse(options["least"]);
      if (!least.success) throw new CommandError("--least: error or warning", exitCodes.usage);
      const { revision } = await api.alerts.set({ alerts: { recipients, least: least.data } });
      print(revision, () => `revision ${revision.id}`);
    },
    (command) => command.option("--least <severity>", "error, or warning for both", "error"),
  );
  apiCommand(alerts, "test", "send a message to those who are told", async ({ api, print }) => {
    const { sent } = await api.alerts.test();
    print({ sent }, () => `sent to ${sent}`);
    if (sent === 0) process.exitCode = exitCodes.negative;
  });
}

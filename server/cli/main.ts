import { Command, CommanderError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { alertCommands } from "./commands/alerts.ts";
import { announcementCommands } from "./commands/announcements.ts";
import { backupCommands } from "./commands/backups.ts";
import { certificateCommands } from "./commands/certificates.ts";
import { componentCommands } from "./commands/components.ts";
import { consoleCommands } from "./commands/console.ts";
import { deviceCommands } from "./commands/devices.ts";
import { doctorCommands } from "./commands/doctor.ts";
import { forwardCommands } from "./commands/forward.ts";
import { groupCommands } from "./commands/groups.ts";
import { csvCommands } from "./commands/import-csv.ts";
import { ejabberdCommands } from "./commands/import-ejabberd.ts";
import { openfireCommands } from "./commands/import-openfire.ts";
import { prosodyCommands } from "./commands/import-prosody.ts";
import { inviteCommands } from "./commands/invites.ts";
import { linkCommands } from "./commands/links.ts";
import { logCommands } from "./commands/log.ts";
import { moduleCommands } from "./commands/modules.ts";
import { offlineCommands } from "./commands/offline.ts";
import { policyCommands } from "./commands/policy.ts";
import { portabilityCommands } from "./commands/portability.ts";
import { reportCommands } from "./commands/reports.ts";
import { roomCommands } from "./commands/rooms.ts";
import { serverCommands } from "./commands/server.ts";
import { sessionJobCommands } from "./commands/session-jobs.ts";
import { traceCommands } from "./commands/trace.ts";
import { uploadCommands } from "./commands/uploads.ts";
import { userJobCommands } from "./commands/user-jobs.ts";
import { userCommands } from "./commands/users.ts";
import { CommandError, exitCodes } from "./exit.ts";

// Whoever reads our output has enough of it (`| head`).
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

const program = new Command("nightpost")
  .description("A chat server whose messages reach people who are not there.")
  .version(packageJson.version)
  .option("--config <file>", "configuration file (NIGHTPOST_CONFIG)")
  .option("--data <directory>", "data directory (NIGHTPOST_DATA)")
  .option("--server <url>", "talk to a server over HTTP instead of its control socket")
  .option("--key <key>", "API key for --server (NIGHTPOST_KEY)")
  .option("--json", "print JSON")
  .enablePositionalOptions()
  .showHelpAfterError("(--help lists the commands)")
  .addHelpText(
    "after",
    "\nExit codes: 0 done or yes · 1 refused or no · 2 wrong usage · 3 no server · 4 not allowed\n" +
      "Names and argument order are ejabberdctl's where it has the command.",
  );
serverCommands(program);
userCommands(program);
sessionJobCommands(program);
userJobCommands(program);
inviteCommands(program);
announcementCommands(program);
alertCommands(program);
groupCommands(program);
reportCommands(program);
portabilityCommands(program);
prosodyCommands(program);
csvCommands(program);
ejabberdCommands(program);
openfireCommands(program);
policyCommands(program);
consoleCommands(program);
forwardCommands(program);
deviceCommands(program);
certificateCommands(program);
backupCommands(program);
doctorCommands(program);
offlineCommands(program);
moduleCommands(program);
logCommands(program);
traceCommands(program);
roomCommands(program);
uploadCommands(program);
componentCommands(program);
linkCommands(program);

// Global options may stand anywhere; every command takes them.
const inherit = (command: Command): void => {
  command.exitOverride();
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    for (const option of program.options) {
      if (option.long !== "--version" && child.options.every((own) => own.long !== option.long))
        child.addOption(option);
    }
    inherit(child);
  }
};
inherit(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
  } else if (error instanceof CommandError) {
    console.error(error.message);
    process.exitCode = error.exitCode;
  } else if (isAboutAFile(error)) {
    console.error(`${error.path}: ${error.message}`);
    process.exitCode = exitCodes.usage;
  } else {
    throw error;
  }
}

/** What a stream of a file throws that does not exist or may not be read; nothing of ours is wrong. */
function isAboutAFile(error: unknown): error is NodeJS.ErrnoException & { path: string } {
  return error instanceof Error && "syscall" in error && "path" in error && typeof error.path === "string";
}

import { Command, CommanderError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { deviceCommands } from "./commands/devices.ts";
import { forwardCommands } from "./commands/forward.ts";
import { inviteCommands } from "./commands/invites.ts";
import { policyCommands } from "./commands/policy.ts";
import { serverCommands } from "./commands/server.ts";
import { userCommands } from "./commands/users.ts";
import { CommandError, exitCodes } from "./exit.ts";

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
inviteCommands(program);
policyCommands(program);
forwardCommands(program);
deviceCommands(program);

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
  } else {
    throw error;
  }
}

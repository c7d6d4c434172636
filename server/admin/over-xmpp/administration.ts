import type { CommandsFor } from "../../core/administration.ts";
import type { Command } from "../../core/command.ts";
import type { Core } from "../../core/core.ts";
import type { FormValues } from "../../xmpp/forms.ts";
import type { Invoke } from "../invoke.ts";
import { accountCommands } from "./account-commands.ts";
import { editAdmins } from "./admin-list-command.ts";
import { listCommands } from "./list-commands.ts";
import { failureOf } from "./refusal.ts";
import { callerOf, callFrom, may } from "./requester.ts";
import { adminForm, NS_ADMIN, type Run, type ServiceCommand } from "./service-command.ts";
import { textCommands } from "./text-commands.ts";

const commands: readonly ServiceCommand[] = [...accountCommands, ...listCommands, ...textCommands, editAdmins];
const nothing: FormValues = { type: "submit", formType: undefined, values: new Map() };

/** The commands of XEP-0133 for a host: who may is decided by the same rules, and told by the same audit rows, as over HTTP. */
export function administrationOf(core: Core, invoke: Invoke): CommandsFor {
  return (host) => commands.map((command) => commandFor(core, invoke, host, command));
}

function commandFor(core: Core, invoke: Invoke, host: string, command: ServiceCommand): Command {
  return {
    node: `${NS_ADMIN}#${command.node}`,
    name: command.name,
    mayRun: (packet) => may(callerOf(core, host, packet), command.permission, host),
    async run(stages, packet) {
      const [values] = stages;
      const fields = command.fields(core, host);
      if (fields !== null && values === undefined)
        return { kind: "form", form: adminForm("form", fields, command.name), isLast: true };
      const caller = callerOf(core, host, packet);
      const run: Run = (entity, name, input) => invoke(callFrom(caller, host, packet), entity, name, input);
      try {
        return await command.run({ core, host, values: values ?? nothing, run });
      } catch (error) {
        return failureOf(error);
      }
    },
  };
}

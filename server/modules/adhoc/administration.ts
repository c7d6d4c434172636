import { z } from "zod";
import { defineModule } from "../../core/module.ts";

export const administration = defineModule({
  name: "administration",
  summary: "Lets admins administer the host from any client that knows commands.",
  xeps: [
    {
      number: 133,
      version: "1.3.1",
      status: "partial",
      note: "No black and white lists, no restart and shutdown: these are for the operator of the machine.",
    },
  ],
  options: z.strictObject({}),
  requires: ["adhoc"],
  start(ctx) {
    const { core, host } = ctx;
    ctx.onStop(
      core.administration.follow((commandsFor) => {
        for (const command of commandsFor(host.name)) ctx.command(command);
      }),
    );
  },
});

import { z } from "zod";
import { defineModule } from "../../../core/module.ts";
import { StanzaError } from "../../../xmpp/errors.ts";
import { NS } from "../../../xmpp/namespaces.ts";
import { pushCommands } from "./commands.ts";
import { pushNs } from "./payload.ts";
import { publishHandler } from "./publish.ts";
import { Registrations } from "./registrations.ts";

export const appServer = defineModule({
  name: "app-server",
  summary: "Registers the phones and browsers of the host's accounts for pushes, as an app server of its own.",
  xeps: [{ number: 357, version: "0.4.1", note: "The push service: nodes are devices." }],
  requires: ["adhoc"],
  options: z.strictObject({
    host: z.string().min(1).max(1023).default("push.@HOST@").describe("Its address; @HOST@ is the virtual host."),
    max_devices: z.int().min(1).max(1000).default(20).describe("Registrations of one account, of every kind."),
    max_per_minute: z.int().min(1).max(1000).default(10).describe("Registrations of one account in a minute."),
  }),
  start(ctx) {
    const { core, host, options } = ctx;
    const registrations = new Registrations(core, options.max_devices);
    const serve = ctx.service(options.host, "Push notifications");
    if (serve === null) return;
    const { service } = serve;
    serve.identity({ category: "pubsub", type: "push" });
    serve.feature(pushNs);
    const { max_per_minute: maxPerMinute } = options;
    for (const command of pushCommands(core, host, service.name, registrations, maxPerMinute)) serve.command(command);

    const publish = publishHandler(core);
    serve.iq("host", "set", [NS.pubsub, "pubsub"], (_, packet) => publish(packet));

    // No publish is needed where device and account are on the same server: enabled, the device gets its events as such.
    serve.hook("push/enabling", async ({ user, node, isEnabled }) => {
      try {
        await registrations.setEnabled(user, node, isEnabled);
        return "done";
      } catch (error) {
        if (error instanceof StanzaError) return error;
        throw error;
      }
    });
  },
});

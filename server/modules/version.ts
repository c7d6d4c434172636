import { release, type } from "node:os";
import { z } from "zod";
import { defineModule } from "../core/module.ts";
import { el } from "../xmpp/element.ts";

const NS_VERSION = "jabber:iq:version";

export const version = defineModule({
  name: "version",
  summary: "Tells which software this is.",
  xeps: [{ number: 92, version: "1.1" }],
  options: z.strictObject({
    show_os: z.boolean().default(false).describe("Also tell the operating system."),
  }),
  start({ core, options, ...ctx }) {
    const answer = el(
      "query",
      NS_VERSION,
      undefined,
      el("name", NS_VERSION, undefined, "Nightpost"),
      el("version", NS_VERSION, undefined, core.version),
      options.show_os ? el("os", NS_VERSION, undefined, `${type()} ${release()}`) : undefined,
    );
    ctx.feature(NS_VERSION, ["host", "service"]);
    ctx.iq(["host", "service"], "get", [NS_VERSION, "query"], () => answer);
  },
});

import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import { accountCommand, inviteCommand } from "./commands.ts";
import { acceptRequest } from "./contact.ts";
import { PREAUTH, registrationFeature } from "./registration.ts";

/** Before the roster module, which answers the request. */
const beforeRoster = 30;

export const invites = defineModule({
  name: "invites",
  summary: "Lets admins and users invite people to make an account or to become a contact.",
  xeps: [
    { number: 379, version: "0.3.3" },
    { number: 401, version: "0.6.0" },
    { number: 445, version: "0.2.0" },
  ],
  options: z.strictObject({
    access_invite: z.string().min(1).max(64).default("local").describe("Access rule: who may invite contacts."),
    access_create_account: z
      .string()
      .min(1)
      .max(64)
      .default("configure")
      .describe("Access rule: who may invite people to make an account of a given name."),
    may_register: z
      .boolean()
      .default(true)
      .describe("Whoever a user invites may make an account here, where the registration mode is `invite` or `open`."),
    expire_seconds: z.int().min(60).max(31_536_000).default(604_800).describe("Until when an invite can be redeemed."),
    max_waiting: z
      .int()
      .min(1)
      .max(10_000)
      .default(20)
      .describe("Invites of one user that can be redeemed at the same time; admins have no limit."),
  }),
  requires: ["adhoc"],
  start(ctx) {
    const { core, host, options } = ctx;
    ctx.streamFeature(registrationFeature(core, host.name));
    ctx.command(inviteCommand(core, host.name, options));
    ctx.command(accountCommand(core, host.name, options));
    ctx.hook(
      "presence/bare",
      (packet) => {
        const { stanza } = packet;
        if (stanza.kind !== "presence" || stanza.type !== "subscribe") return undefined;
        const token = stanza.child("preauth", PREAUTH)?.attr("token");
        return token === undefined ? undefined : acceptRequest(core, packet, token);
      },
      beforeRoster,
    );
  },
});

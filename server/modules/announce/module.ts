import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { announcementsOf } from "../../features/announcements/announcements.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { FormValues } from "../../xmpp/forms.ts";

const NS_ADMIN = "http://jabber.org/protocol/admin";

/** Resources of the host that announcements can be sent to, as with ejabberd's mod_announce, and the commands they stand for. */
const addresses: ReadonlyMap<string, { readonly node: string; readonly field: string }> = new Map([
  ["announce/online", { node: "announce", field: "announcement" }],
  ["announce/all", { node: "announce-all", field: "announcement" }],
  ["announce/motd", { node: "set-motd", field: "motd" }],
  ["announce/motd/update", { node: "edit-motd", field: "motd" }],
  ["announce/motd/delete", { node: "delete-motd", field: "motd" }],
]);

export const announce = defineModule({
  name: "announce",
  summary: "Tells each account the message of the day, and takes announcements as messages to the host.",
  xeps: [],
  options: z.strictObject({
    addresses: z
      .boolean()
      .default(true)
      .describe(
        "Messages to `HOST/announce/all`, `/online`, `/motd`, `/motd/update` and `/motd/delete` are announcements.",
      ),
  }),
  requires: ["administration"],
  start(ctx) {
    const { core, host, options, log } = ctx;
    const announcements = announcementsOf(core);
    ctx.hook("presence/initial", ({ session }) => {
      if (announcements.motdOf(host.name) === undefined) return undefined;
      announcements
        .tellMotd(session.jid)
        .catch((error: unknown) => log.error("the message of the day was not told", { error: String(error) }));
      return undefined;
    });
    if (!options.addresses) return;
    ctx.hook("message/host", (packet) => {
      const address = addresses.get(packet.to.resource);
      if (address === undefined || packet.stanza.type === "error") return undefined;
      return carryOut(packet, `${NS_ADMIN}#${address.node}`, address.field);
    });

    const carryOut = async (packet: Packet, node: string, field: string): Promise<"handled"> => {
      const command = host.commands.get(node);
      try {
        if (command === undefined) throw StanzaError.of("service-unavailable");
        if (!(await command.mayRun(packet))) throw StanzaError.of("forbidden");
        await command.run([valuesOf(packet, field)], packet);
      } catch (error) {
        if (!(error instanceof StanzaError)) throw error;
        core.router.bounce(packet, error);
      }
      return "handled";
    };
  },
});

/** The message as somebody would have filled in the command's form. */
function valuesOf({ stanza }: Packet, field: string): FormValues {
  const values = new Map([
    ["subject", [stanza.childText("subject") ?? ""]],
    [field, (stanza.childText("body") ?? "").split("\n")],
  ]);
  return { type: "submit", formType: NS_ADMIN, values };
}

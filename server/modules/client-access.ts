import { z } from "zod";
import type { ClientAccess } from "../core/login-clients.ts";
import { defineModule } from "../core/module.ts";
import type { Packet } from "../core/router.ts";
import { formatDateTime } from "../xmpp/datetime.ts";
import { type Element, el } from "../xmpp/element.ts";
import { StanzaError } from "../xmpp/errors.ts";

const NS_ACCESS = "urn:xmpp:cam:0";

/** Lets users see what has access to their account, and take it away (XEP-0494). */
export const clientAccess = defineModule({
  name: "client-access",
  summary: "Shows users the clients that have access to their account, and lets them revoke it.",
  xeps: [{ number: 494, version: "0.1.0" }],
  options: z.strictObject({}),
  start(ctx) {
    const { clients } = ctx.core;
    ctx.feature(NS_ACCESS, "account");
    ctx.iq("account", "get", [NS_ACCESS, "list"], async (_, packet) => {
      checkOwner(packet);
      const list = await clients.list(packet.to);
      return el("clients", NS_ACCESS, undefined, ...list.map(clientElement));
    });
    ctx.iq("account", "set", [NS_ACCESS, "revoke"], async (iq, packet) => {
      checkOwner(packet);
      const id = iq.payload?.attr("id") ?? "";
      switch (await clients.revoke(packet.to, id)) {
        case "revoked":
          return null;
        case "unknown":
          throw StanzaError.of("item-not-found", "there is no such client");
        default:
          // XEP-0494 3.2: it was signed out, and nothing but another password keeps it out.
          throw StanzaError.of("service-unavailable", "it was signed out, and knows the password", {
            app: el("password-reset-required", NS_ACCESS),
          });
      }
    });
  },
});

function checkOwner({ from, to }: Packet): void {
  if (from.bare !== to.bare) throw StanzaError.of("forbidden");
}

function clientElement(access: ClientAccess): Element {
  const child = (name: string, ...children: (Element | string | undefined)[]): Element =>
    el(name, NS_ACCESS, undefined, ...children);
  const said = (name: string, text: string | null): Element | undefined =>
    text === null ? undefined : child(name, text);
  return el(
    "client",
    NS_ACCESS,
    { connected: String(access.sessions.length > 0), id: access.id, type: "session" },
    child("first-seen", formatDateTime(access.firstAt)),
    child("last-seen", formatDateTime(access.lastAt)),
    child("auth", access.knowsPassword ? child("password") : undefined, access.hasToken ? child("fast") : undefined),
    el("permission", NS_ACCESS, { status: "unrestricted" }),
    child("user-agent", said("software", access.software), said("device", access.device)),
  );
}

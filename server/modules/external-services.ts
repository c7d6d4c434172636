import { createHmac } from "node:crypto";
import { z } from "zod";
import { defineModule } from "../core/module.ts";
import type { Packet } from "../core/router.ts";
import { readSecretFile } from "../core/secret-file.ts";
import { formatDateTime } from "../xmpp/datetime.ts";
import { type Element, el } from "../xmpp/element.ts";
import { StanzaError } from "../xmpp/errors.ts";
import type { Jid } from "../xmpp/jid.ts";

const NS_SERVICES = "urn:xmpp:extdisco:2";

const Service = z.strictObject({
  type: z
    .enum(["stun", "stuns", "turn", "turns"])
    .describe("`stun` finds out addresses, `turn` relays; with an s: over TLS."),
  host: z.string().min(1).max(255).describe("Name or address of the server."),
  port: z.int().min(1).max(65_535).default(3478).describe("Its port."),
  transport: z.enum(["udp", "tcp"]).default("udp").describe("How it is reached."),
});
type Service = z.infer<typeof Service>;

export const externalServices = defineModule({
  name: "external-services",
  summary: "Tells clients which STUN and TURN servers help their calls through, with credentials for a while.",
  xeps: [{ number: 215, version: "1.0.0", note: "Asked for, not pushed." }],
  options: z.strictObject({
    services: z
      .array(Service)
      .max(50)
      .default([])
      .describe("The servers, in the order in which clients are told of them."),
    turn_secret_file: z
      .string()
      .min(1)
      .max(4096)
      .nullable()
      .default(null)
      .describe(
        "File with the secret shared with the TURN servers (coturn's `static-auth-secret`), read when the module starts; null: no credentials are given out.",
      ),
    credentials_seconds: z
      .int()
      .min(60)
      .max(30 * 86_400)
      .default(86_400)
      .describe("How long credentials are good for."),
  }),
  async start(ctx) {
    const { core, host, options } = ctx;
    if (options.services.length === 0) return;
    const secret =
      options.turn_secret_file === null ? null : await readSecretFile(options.turn_secret_file, "turn_secret_file");

    /** What coturn calls the REST API: the name is good until it says, and the password proves who made it. */
    const credentials = (user: Jid): Record<string, string> | undefined => {
      if (secret === null) return undefined;
      const expires = Math.floor(core.clock.now() / 1000) + options.credentials_seconds;
      // Says nothing of the user to the relay, and is the same each time: so that one who floods it can be found.
      const name = createHmac("sha256", secret).update(user.bare).digest("base64url").slice(0, 16);
      const username = `${expires}:${name}`;
      const password = createHmac("sha1", secret).update(username).digest("base64");
      return { username, password, expires: formatDateTime(expires * 1000) };
    };
    const element = (service: Service, user: Jid): Element => {
      const { type, host: name, port, transport } = service;
      const given = type === "turn" || type === "turns" ? credentials(user) : undefined;
      return el("service", NS_SERVICES, {
        type,
        host: name,
        port: String(port),
        transport,
        restricted: given === undefined ? undefined : "true",
        ...given,
      });
    };
    // Credentials are for those whom this host knows.
    const checkOwn = ({ from }: Packet): void => {
      if (from.domain !== host.name || from.local === "") throw StanzaError.of("forbidden");
    };

    ctx.feature(NS_SERVICES);
    ctx.iq("host", "get", [NS_SERVICES, "services"], (iq, packet) => {
      checkOwn(packet);
      const type = iq.payload?.attr("type");
      const asked = options.services.filter((one) => type === undefined || one.type === type);
      return el("services", NS_SERVICES, { type }, ...asked.map((one) => element(one, packet.from)));
    });
    ctx.iq("host", "get", [NS_SERVICES, "credentials"], (iq, packet) => {
      checkOwn(packet);
      const asked = iq.payload?.child("service");
      const type = asked?.attr("type");
      const name = asked?.attr("host");
      if (type === undefined || name === undefined) throw StanzaError.of("bad-request", "which service?");
      const port = asked?.attr("port");
      const found = options.services.filter(
        (one) => one.type === type && one.host === name && (port === undefined || String(one.port) === port),
      );
      if (found.length === 0) throw StanzaError.of("item-not-found");
      return el("credentials", NS_SERVICES, undefined, ...found.map((one) => element(one, packet.from)));
    });
  },
});

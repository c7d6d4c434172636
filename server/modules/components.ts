import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Component, ComponentLink } from "../core/components.ts";
import type { Core } from "../core/core.ts";
import type { Host } from "../core/host.ts";
import { defineModule } from "../core/module.ts";
import type { Packet } from "../core/router.ts";
import { minSecretLength, readSecretFile } from "../core/secret-file.ts";
import { StanzaError, StreamError } from "../xmpp/errors.ts";

const keepAliveMs = 60_000;
/** XEP-0114 3: SHA-1 in hexadecimal, lower case. */
const handshakeText = /^[0-9a-f]{40}$/;

const Declared = z
  .strictObject({
    domain: z.string().min(1).max(1023).describe("What it serves, such as `irc.@HOST@`; `@HOST@` stands for the host."),
    name: z.string().max(200).default("").describe("What it is called where the host lists it."),
    secret: z
      .string()
      .min(minSecretLength)
      .max(1023)
      .nullable()
      .default(null)
      .meta({ secret: true })
      .describe("The secret that it proves to know, at least 16 characters; kept sealed. null: it is in a file."),
    secret_file: z
      .string()
      .min(1)
      .max(4096)
      .nullable()
      .default(null)
      .describe("File with the secret instead; read when the module starts."),
    access: z
      .string()
      .min(1)
      .max(200)
      .nullable()
      .default(null)
      .describe("Access rule for whoever sends it something; null: everybody may."),
  })
  .refine(({ secret, secret_file: file }) => (secret === null) !== (file === null), {
    message: "expected either a secret or a secret_file",
  });
type Declared = z.infer<typeof Declared>;

export const components = defineModule({
  name: "components",
  summary: "Lets programs beside the server serve domains of their own, such as gateways and bots.",
  xeps: [{ number: 114, version: "1.6", note: "Components connect to the server (`jabber:component:accept`)." }],
  options: z.strictObject({
    components: z
      .array(Declared)
      .max(100)
      .default([])
      .describe("Which components may connect. They need a listener, `component.port` in the configuration."),
    conflict: z
      .enum(["refuse", "replace"])
      .default("refuse")
      .describe("What happens to a second connection for a domain: it is refused, or takes the place of the first."),
  }),
  async start(ctx) {
    const { core, host, options } = ctx;
    const secrets = await Promise.all(options.components.map(secretOf));
    const served: ExternalComponent[] = [];
    for (const [index, declared] of options.components.entries()) {
      const serve = ctx.service(declared.domain, declared.name);
      if (serve === null) continue;
      const isReplaced = options.conflict === "replace";
      const { name } = serve.service;
      const component = new ExternalComponent({ core, host, name, declared, secret: secrets[index]!, isReplaced });
      serve.hook("stanza/service", (packet) => component.take(packet));
      const remove = core.components.add(component);
      ctx.onStop(() => {
        remove();
        component.stop();
      });
      served.push(component);
    }
    if (served.length > 0) {
      ctx.every(keepAliveMs, () => {
        for (const component of served) component.keepAlive();
      });
    }
  },
});

async function secretOf({ secret, secret_file: file }: Declared): Promise<string> {
  return file === null ? secret! : readSecretFile(file, "secret_file");
}

/** A declared component, connected or not. */
class ExternalComponent implements Component {
  readonly domain: string;
  readonly label: string;
  readonly declared: string;
  readonly host: Host;
  readonly #core: Core;
  readonly #access: string | null;
  readonly #secret: string;
  readonly #isReplaced: boolean;
  #connection: { readonly link: ComponentLink; readonly since: number } | null = null;
  #lastSeenAt: number | null = null;

  constructor(parts: {
    readonly core: Core;
    readonly host: Host;
    readonly name: string;
    readonly declared: Declared;
    readonly secret: string;
    readonly isReplaced: boolean;
  }) {
    const { core, host, name, declared, secret, isReplaced } = parts;
    this.#core = core;
    this.host = host;
    this.domain = name;
    this.label = declared.name;
    this.declared = declared.domain;
    this.#access = declared.access;
    this.#secret = secret;
    this.#isReplaced = isReplaced;
  }

  get connection(): { readonly link: ComponentLink; readonly since: number } | null {
    return this.#connection;
  }

  get lastSeenAt(): number | null {
    return this.#lastSeenAt;
  }

  isProvedBy(streamId: string, handshake: string): boolean {
    const expected = createHash("sha1").update(`${streamId}${this.#secret}`).digest();
    const text = handshake.trim();
    return handshakeText.test(text) && timingSafeEqual(Buffer.from(text, "hex"), expected);
  }

  attach(link: ComponentLink): void {
    const rival = this.#connection;
    if (rival !== null && !this.#isReplaced) throw new StreamError("conflict", "it is connected already");
    this.#connection = { link, since: this.#core.clock.now() };
    rival?.link.close(new StreamError("conflict", "replaced by a new connection"));
    this.#core.components.changed(this.domain);
  }

  detach(link: ComponentLink): void {
    if (this.#connection?.link !== link) return;
    this.#connection = null;
    this.#lastSeenAt = this.#core.clock.now();
    this.#core.components.changed(this.domain);
  }

  /** All that is sent to the domain is for the component; nothing is kept for one that is not there. */
  take(packet: Packet): "handled" {
    const { router } = this.#core;
    const connection = this.#connection;
    if (!this.#mayReach(packet)) {
      router.bounce(packet, StanzaError.of("forbidden"));
    } else if (connection !== null) {
      connection.link.send(packet.stanza);
    } else if (packet.stanza.kind !== "presence") {
      router.bounce(packet, StanzaError.of("remote-server-timeout", "The component is not connected."));
    }
    return "handled";
  }

  keepAlive(): void {
    this.#connection?.link.keepAlive();
  }

  /** It may connect anew if it is still declared. */
  stop(): void {
    this.#connection?.link.close(new StreamError("reset", "the component's settings changed"));
  }

  // Answers to what the component itself has asked always come through.
  #mayReach({ stanza, from, origin }: Packet): boolean {
    if (this.#access === null || stanza.type === "error" || (stanza.kind === "iq" && stanza.type === "result"))
      return true;
    const ip = origin.session?.link.address ?? null;
    return this.#core.policy.allows(this.#access, { jid: from.toBare(), ip, host: this.host.name });
  }
}

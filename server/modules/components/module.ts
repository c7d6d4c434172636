import { z } from "zod";
import { Delegations, Privileges } from "../../core/component-rights.ts";
import { defineModule } from "../../core/module.ts";
import { minSecretLength, readSecretFile } from "../../core/secret-file.ts";
import { delegate } from "./delegation.ts";
import { ExternalComponent } from "./external-component.ts";
import { grant } from "./privileges.ts";

const keepAliveMs = 60_000;

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
    privileges: Privileges.prefault({}).describe(
      "What it may do in the name of the accounts of its host: it has to be trusted as the server is.",
    ),
    delegations: Delegations.default([]).describe(
      "Requests for the host and its accounts that it answers instead of the server.",
    ),
  })
  .refine(({ secret, secret_file: file }) => (secret === null) !== (file === null), {
    message: "expected either a secret or a secret_file",
  });
type Declared = z.infer<typeof Declared>;

export const components = defineModule({
  name: "components",
  summary: "Lets programs beside the server serve domains of their own, such as gateways and bots.",
  xeps: [
    { number: 114, version: "1.6", note: "Components connect to the server (`jabber:component:accept`)." },
    {
      number: 355,
      version: "0.5",
      status: "partial",
      note: "Admin mode, for components; not client mode (5), which no component asks for: a server may leave it out (9).",
    },
    { number: 356, version: "0.4.1", note: "For components, as the operator grants it." },
  ],
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
      const component = new ExternalComponent({
        core,
        host,
        name,
        declared: declared.domain,
        label: declared.name,
        access: declared.access,
        secret: secrets[index]!,
        isReplaced,
      });
      serve.hook("stanza/service", (packet) => component.take(packet));
      grant(ctx, component, declared.privileges);
      delegate(ctx, component, declared.delegations);
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

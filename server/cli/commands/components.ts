import { type Command, Option } from "commander";
import type { z } from "zod";
import { type Delegation, Delegations, Privileges } from "../../../lib/contracts/component-rights.ts";
import { countRights } from "../../../lib/contracts/count-rights.ts";
import { apiCommand, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { fileText } from "../file-text.ts";

/** External components: programs beside the server that serve domains of their own. */
export function componentCommands(program: Command): void {
  const component = program.command("component").description("programs that serve domains of their own (XEP-0114)");
  apiCommand(component, "list", "components, connected or not", list);
  apiCommand(
    component,
    "add <host> <domain>",
    "declare a component; its secret is made, and told once",
    async ({ api, print }, [host = "", domain = ""], { name, access, secretFile }) => {
      const made = await api.components.add({
        host,
        domain,
        ...(typeof name === "string" && { name }),
        ...(typeof access === "string" && { access }),
        ...(typeof secretFile === "string" && { secret: secretIn(secretFile) }),
      });
      print(made, () => (made.secret === null ? `Component ${domain} declared` : `Secret: ${made.secret}`));
    },
    (command) =>
      command
        .option("--name <text>", "what it is called where the host lists it")
        .option("--access <rule>", "access rule for whoever sends it something")
        .option("--secret-file <file>", "read the secret from a file; - is standard input"),
  );
  apiCommand(component, "remove <domain>", "take a component away", async ({ api, print }, [domain = ""]) => {
    print(await api.components.remove({ domain }), () => `Component ${domain} removed`);
  });
  apiCommand(component, "rotate-secret <domain>", "make a new secret", async ({ api, print }, [domain = ""]) => {
    const made = await api.components.rotateSecret({ domain });
    print(made, () => `Secret: ${made.secret}`);
  });
  apiCommand(
    component,
    "grant <domain>",
    "set what it may do in the name of accounts, and what it answers for the server; without options: nothing",
    async ({ api, print }, [domain = ""], { roster, push, message, presence, iq, delegate }) => {
      const privileges = valid(Privileges, {
        ...(roster !== undefined && { roster }),
        ...(push === false && { push }),
        ...(message !== undefined && { message }),
        ...(presence !== undefined && { presence }),
        iq: Object.fromEntries(listed(iq).map(namespaceRight)),
      });
      const delegations = valid(Delegations, listed(delegate).map(delegationOf));
      print(await api.components.setRights({ domain, privileges, delegations }), () => `Rights of ${domain} set`);
    },
    (command) =>
      command
        .addOption(new Option("--roster <right>", "contact lists").choices(["none", "get", "set", "both"]))
        .option("--no-push", "it is not told of changes of contact lists")
        .addOption(new Option("--message <right>", "messages in their name").choices(["none", "outgoing"]))
        .addOption(new Option("--presence <right>", "who is available").choices(["none", "managed_entity", "roster"]))
        .option("--iq <namespace=right...>", "requests in their name, such as urn:xmpp:http:upload:0=get")
        .option("--delegate <namespace...>", "it answers these; only with attributes: namespace,attribute"),
  );
  apiCommand(component, "disconnect <domain>", "end its stream", async ({ api, print }, [domain = ""]) => {
    print(await api.components.disconnect({ domain }), () => `Component ${domain} disconnected`);
  });
}

function listed(option: unknown): string[] {
  return Array.isArray(option) ? option.map(String) : [];
}

function valid<T>(schema: z.ZodType<T>, input: unknown): T {
  const read = schema.safeParse(input);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new CommandError(`${issue?.path.join(" ") ?? ""}: ${issue?.message ?? ""}`, exitCodes.usage);
}

function namespaceRight(text: string): [namespace: string, right: string] {
  const at = text.lastIndexOf("=");
  return at < 0 ? [text, "both"] : [text.slice(0, at), text.slice(at + 1)];
}

function delegationOf(text: string): Delegation {
  const [namespace = "", ...attributes] = text.split(",");
  return { namespace, attributes };
}

function secretIn(file: string): string {
  return fileText(file).trim();
}

async function list({ api, print }: Context): Promise<void> {
  const found = await api.components.list();
  print(found, () => [
    found.listener === null
      ? "No port for components: set component.port in the configuration."
      : `Components connect to ${found.listener.address} port ${found.listener.port}`,
    ...found.items.map((component) => {
      const { domain, host, name, connection } = component;
      const label = name === "" ? "" : ` "${name}"`;
      const count = countRights(component);
      const rights = count === 0 ? "" : `, with ${count} rights`;
      if (connection === null) return `${domain}${label} of ${host}, not connected${rights}`;
      const { address, since, received, sent } = connection;
      return `${domain}${label} of ${host}, from ${address} since ${since}, ${received.stanzas} stanzas from it, ${sent.stanzas} to it${rights}`;
    }),
  ]);
}

import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { apiCommand, type Context } from "../context.ts";

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
  apiCommand(component, "disconnect <domain>", "end its stream", async ({ api, print }, [domain = ""]) => {
    print(await api.components.disconnect({ domain }), () => `Component ${domain} disconnected`);
  });
}

function secretIn(file: string): string {
  return readFileSync(file === "-" ? 0 : file, "utf8").trim();
}

async function list({ api, print }: Context): Promise<void> {
  const found = await api.components.list();
  print(found, () => [
    found.listener === null
      ? "No port for components: set component.port in the configuration."
      : `Components connect to ${found.listener.address} port ${found.listener.port}`,
    ...found.items.map(({ domain, host, name, connection }) => {
      const label = name === "" ? "" : ` "${name}"`;
      if (connection === null) return `${domain}${label} of ${host}, not connected`;
      const { address, since, received, sent } = connection;
      return `${domain}${label} of ${host}, from ${address} since ${since}, ${received.stanzas} stanzas from it, ${sent.stanzas} to it`;
    }),
  ]);
}

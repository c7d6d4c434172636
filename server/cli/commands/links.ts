import type { Command } from "commander";
import type { Link } from "../../../lib/contracts/links.ts";
import { apiCommand, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";

/** Links with other servers. */
export function linkCommands(program: Command): void {
  const link = program.command("link").description("connections with other servers");
  apiCommand(link, "list", "links, in both directions", list, (command) =>
    command
      .option("--host <host>", "of one virtual host and its services")
      .option("--direction <direction>", "in or out")
      .option("--search <text>", "part of a domain")
      .option("--limit <number>", "at most so many", "50"),
  );
  apiCommand(link, "close <id>", "end a link; what waits for it comes back", async ({ api, print }, [id = ""]) => {
    print(await api.links.close({ id }), () => "closed");
  });
  apiCommand(link, "retry <id>", "connect now instead of later", async ({ api, print }, [id = ""]) => {
    print(await api.links.retry({ id }), () => "connecting");
  });
}

async function list(
  { api, print }: Context,
  _args: readonly string[],
  options: Record<string, unknown>,
): Promise<void> {
  const { host, direction, search, limit } = options;
  if (direction !== undefined && direction !== "in" && direction !== "out")
    throw new CommandError("--direction: in or out", exitCodes.usage);
  const found = await api.links.list({
    ...(typeof host === "string" && { host }),
    ...(direction !== undefined && { direction }),
    ...(typeof search === "string" && { search }),
    limit: Number(limit),
  });
  print(found, () => [
    ...(found.isOpen ? [] : ["No host talks to other servers: see the access rule s2s_access."]),
    ...found.listeners.map(
      ({ name, address, port, error }) =>
        `${name}: ${address} port ${port}${error === null ? "" : `, not open: ${error}`}`,
    ),
    ...found.items.map(line),
    ...(found.nextCursor === null ? [] : [`… ${found.total} in all`]),
  ]);
}

function line(link: Link): string {
  const { id, direction, local, remote, state, tls, proof, sent, received, queued, retryAt, lastError } = link;
  const arrow = direction === "out" ? "->" : "<-";
  const parts = [`${id}  ${local} ${arrow} ${remote ?? "unknown"}`, state];
  if (tls !== null) parts.push(tls.protocol);
  if (proof !== null) parts.push(proof);
  parts.push(`${sent} sent`, `${received} received`);
  if (queued.stanzas > 0) parts.push(`${queued.stanzas} waiting`);
  if (retryAt !== null) parts.push(`tried again at ${retryAt}`);
  if (lastError !== null) parts.push(`${lastError.code}: ${lastError.text}`);
  return parts.join(", ");
}

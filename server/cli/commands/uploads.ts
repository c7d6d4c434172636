import type { Command } from "commander";
import { z } from "zod";
import { UploadedFile } from "../../../lib/contracts/uploads.ts";
import { apiCommand, pages, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";

const states = UploadedFile.shape.state.options;

/** Files that users have uploaded. */
export function uploadCommands(program: Command): void {
  const upload = program.command("upload").description("files that users have uploaded");
  apiCommand(upload, "list [jid]", "files, newest first, of one account or of all", list, (command) =>
    command
      .option("--host <host>", "only of this host")
      .option("--search <text>", "part of the name or the media type")
      .option("--state <state>", `only in this state (${states.join(", ")})`),
  );
  apiCommand(upload, "usage", "what hosts and accounts take", usage, (command) =>
    command.option("--host <host>", "accounts of this host only"),
  );
  apiCommand(upload, "remove <id>", "delete a file", async ({ api, print }, [id = ""]) => {
    print(await api.uploads.remove({ id }), () => `File ${id} deleted`);
  });
  apiCommand(upload, "remove-all <jid>", "delete all files of an account", async ({ api, print }, [jid = ""]) => {
    const removed = await api.uploads.removeOf({ jid });
    print(removed, () => `${removed.files} files of ${jid} deleted, ${removed.bytes} bytes`);
  });
  apiCommand(upload, "purge", "delete now what has ended", async ({ api, print }) => {
    const done = await api.uploads.purge();
    print(done, () => `${done.removed} deleted`);
  });
}

async function list({ api, print }: Context, [user]: string[], options: Record<string, unknown>): Promise<void> {
  const filter = z
    .object({ host: z.string().optional(), search: z.string().optional(), state: z.enum(states).optional() })
    .safeParse(options);
  if (!filter.success) throw new CommandError(z.prettifyError(filter.error), exitCodes.usage);
  const wanted = { ...filter.data, ...(user !== undefined && { user }) };
  const found = await Array.fromAsync(pages((cursor) => api.uploads.list({ ...wanted, cursor, limit: 500 })));
  print(found, () =>
    found.map(
      ({ id, user: who, name, mediaType, bytes, state, place, endsAt }) =>
        `${id} ${who} ${bytes} ${mediaType} ${state} ${place} until ${endsAt} ${name}`,
    ),
  );
}

async function usage({ api, print }: Context, _: string[], { host }: Record<string, unknown>): Promise<void> {
  const filter = typeof host === "string" ? { host } : {};
  const { items: hosts } = await api.uploads.services();
  const accounts = await Array.fromAsync(pages((cursor) => api.uploads.accounts({ ...filter, cursor, limit: 500 })));
  print({ hosts, accounts }, () => [
    ...hosts.map((one) => `${one.host} ${one.bytes} of ${one.limits?.hostBytes ?? "-"} bytes, ${one.files} files`),
    ...accounts.map((one) => `${one.user} ${one.bytes} bytes, ${one.files} files`),
  ]);
}

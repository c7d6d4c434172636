import { InvalidArgumentError, type Command } from "commander";
import type { Invite, MadeInvite } from "../../../lib/contracts/invites.ts";
import { apiCommand, pages, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("It is a whole number above 0.");
  return number;
}

const withExpiry = (command: Command): Command =>
  command.option("--expire <seconds>", "how long it can be redeemed", positive);

/** Invites to make an account or become a contact, and links that set a new password. */
export function inviteCommands(program: Command): void {
  const invite = program.command("invite").description("invites to make an account or become a contact");
  apiCommand(
    invite,
    "create <host>",
    "make an invite; its links are told once",
    async (context, [host = ""], options) => create(context, host, "account", options),
    (command) =>
      withExpiry(command)
        .option("--user <name>", "the name that is kept for whoever redeems it")
        .option("--inviter <jid>", "account that becomes a contact of those who redeem it")
        .option("--uses <number>", "how often it can be redeemed", positive)
        .option("--count <number>", "how many invites to make", positive)
        .option("--note <text>", "what it is for")
        .option("--role <name>", "role of the console that the account gets: one use, 7 days at most")
        .option("--role-host <host>", "the role on this host only")
        .option("--groups <names...>", "shared roster groups that the account joins")
        .option("--tags <words...>", "tags that the account gets"),
  );
  apiCommand(
    invite,
    "contact <jid>",
    "make a link by which people become contacts of an account",
    async (context, [jid = ""], options) =>
      create(context, jid.slice(jid.lastIndexOf("@") + 1), "contact", { ...options, inviter: jid }),
    (command) =>
      withExpiry(command)
        .option("--uses <number>", "how often it can be redeemed", positive)
        .option("--count <number>", "how many links to make", positive)
        .option("--note <text>", "what it is for"),
  );
  apiCommand(
    invite,
    "list [host]",
    "invites, newest first",
    async (context, [host], options) => list(context, host, options["all"] === true ? "all" : "open"),
    (command) => command.option("--all", "those that cannot be redeemed any more as well"),
  );
  apiCommand(invite, "show <id>", "an invite, with who redeemed it", async ({ api, print }, [id = ""]) => {
    const found = await api.invites.get({ id });
    const redeemed = found.redeemed.map(({ jid, at, hasLoggedIn, isOwed, withheld }) => [
      `  ${at} ${jid}${hasLoggedIn ? "" : ", not logged in yet"}${isOwed ? ", has not got it all yet" : ""}`,
      ...withheld.map(({ what, name, text }) => `    without ${what} ${name}: ${text}`),
    ]);
    print(found, () => [inviteLine(found), ...redeemed.flat()]);
  });
  apiCommand(
    invite,
    "funnel [host]",
    "how many invites were made, opened and redeemed, and how many of the accounts were used",
    async ({ api, print }, [host]) => {
      const found = await api.invites.funnel(host === undefined ? {} : { host });
      const { made, opened, registered, loggedIn } = found;
      print(found, () => [
        `${made} made, ${opened} opened, ${registered} accounts made, ${loggedIn} of them logged in to`,
      ]);
    },
  );
  apiCommand(invite, "revoke <id>", "make an invite worthless", async ({ api, print }, [id = ""]) => {
    print(await api.invites.revoke({ id }), () => `Invite ${id} revoked`);
  });

  apiCommand(program, "generate_invite <host>", "make an invite for one account", async (context, [host = ""]) =>
    create(context, host, "account", {}),
  );
  apiCommand(
    program,
    "generate_invite_with_username <user> <host>",
    "make an invite for an account of this name",
    async (context, [user = "", host = ""]) => create(context, host, "account", { user }),
  );
  apiCommand(program, "list_invites <host>", "invites of a host, newest first", async (context, [host = ""]) =>
    list(context, host, "all"),
  );
  apiCommand(
    program,
    "generate_reset_token <user> <host>",
    "make a link by which somebody sets a new password",
    async ({ api, print }, [user = "", host = ""], { expire }) => {
      const seconds = typeof expire === "number" ? { expireSeconds: expire } : {};
      const made = await api.invites.resetPassword({ jid: `${user}@${host}`, ...seconds });
      print(made, () => madeLines(made));
    },
    withExpiry,
  );
}

async function create(
  { api, print }: Context,
  host: string,
  kind: "account" | "contact",
  options: Record<string, unknown>,
): Promise<void> {
  const { user, inviter, uses, count, note, expire, role, roleHost, groups, tags } = options;
  if (typeof roleHost === "string" && typeof role !== "string")
    throw new CommandError("--role-host goes with --role.", exitCodes.usage);
  const { items } = await api.invites.create({
    host,
    kind,
    ...(typeof user === "string" && { local: user }),
    ...(typeof inviter === "string" && { inviter }),
    ...(typeof uses === "number" && { maxUses: uses }),
    ...(typeof count === "number" && { count }),
    ...(typeof note === "string" && { note }),
    ...(typeof expire === "number" && { expireSeconds: expire }),
    ...(typeof role === "string" && { role: { name: role, ...(typeof roleHost === "string" && { host: roleHost }) } }),
    ...(Array.isArray(groups) && { groups }),
    ...(Array.isArray(tags) && { tags }),
  });
  print(items, () => items.flatMap(madeLines));
}

async function list({ api, print }: Context, host: string | undefined, state: "all" | "open"): Promise<void> {
  const found: Invite[] = [];
  const filter = { state, ...(host !== undefined && { host }) };
  for await (const invite of pages((cursor) => api.invites.list({ ...filter, cursor, limit: 500 }))) found.push(invite);
  print(found, () => found.map(inviteLine));
}

function inviteLine(invite: Invite): string {
  const { id, kind, state, host, local, inviter, uses, maxUses, expiresAt, note, role, groups, tags } = invite;
  const what = local === null ? host : `${local}@${host}`;
  const by = [
    inviter === null ? "" : `, contact ${inviter}`,
    role === null ? "" : `, role ${role.name}${role.host === null ? "" : ` on ${role.host}`}`,
    groups.length === 0 ? "" : `, groups ${groups.join(" ")}`,
    tags.length === 0 ? "" : `, tags ${tags.join(" ")}`,
  ].join("");
  return `${id} ${kind} ${state} ${what}${by}, used ${uses} of ${maxUses}, until ${expiresAt}${note === "" ? "" : ` (${note})`}`;
}

function madeLines(made: MadeInvite): string[] {
  return [made.url, made.uri, `${made.id}, valid until ${made.expiresAt}`].filter((line) => line !== null);
}

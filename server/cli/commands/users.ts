import type { Command } from "commander";
import { Subscription, type UserClient } from "../../../lib/contracts/users.ts";
import { apiCommand, pages, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { passwordText } from "../file-text.ts";
import { importUsers } from "../import-users.ts";

const jid = (user: string, host: string): string => `${user}@${host}`;

/** A password from the command line, or from a file so that it is not seen in the process list. */
function passwordOf(given: string | undefined, file: unknown): string {
  if (typeof file === "string") return passwordText(file);
  if (given !== undefined) return given;
  throw new CommandError("Give the password, or --password-file FILE (- is standard input).", exitCodes.usage);
}

const withPasswordFile = (command: Command): Command =>
  command.option("--password-file <file>", "read the password from a file; - is standard input");

/** Accounts and their sessions, with ejabberdctl's names and argument order. */
export function userCommands(program: Command): void {
  apiCommand(
    program,
    "register <user> <host> [password]",
    "register an account",
    async ({ api, print }, [user = "", host = "", password], options) => {
      const created = await api.users.create({
        local: user,
        host,
        password: passwordOf(password, options["passwordFile"]),
      });
      print(created, () => `User ${created.jid} successfully registered`);
    },
    withPasswordFile,
  );
  apiCommand(
    program,
    "unregister <user> <host>",
    "delete an account with everything it owns",
    async ({ api, print }, [user = "", host = ""]) => {
      print(await api.users.remove({ jid: jid(user, host) }), () => `User ${jid(user, host)} deleted`);
    },
  );
  apiCommand(
    program,
    "change_password <user> <host> [password]",
    "set an account's password and end its sessions",
    async ({ api, print }, [user = "", host = "", password], options) => {
      const done = await api.users.changePassword({
        jid: jid(user, host),
        password: passwordOf(password, options["passwordFile"]),
      });
      print(done, () => `Password of ${jid(user, host)} changed`);
    },
    withPasswordFile,
  );
  apiCommand(
    program,
    "check_account <user> <host>",
    "does the account exist (exit code 0 or 1)",
    async ({ api, print }, [user = "", host = ""]) => {
      const account = await api.users.get({ jid: jid(user, host) });
      print({ exists: true, jid: account.jid }, () => `${account.jid} exists`);
    },
  );
  apiCommand(
    program,
    "check_password <user> <host> [password]",
    "is this the account's password (exit code 0 or 1)",
    async ({ api, print }, [user = "", host = "", password], options) => {
      const answer = await api.users.checkPassword({
        jid: jid(user, host),
        password: passwordOf(password, options["passwordFile"]),
      });
      print(answer, () => (answer.matches ? "The password matches" : "The password does not match"));
      if (!answer.matches) process.exitCode = exitCodes.negative;
    },
    withPasswordFile,
  );
  apiCommand(program, "registered_users <host>", "accounts of a host, one a line", async (context, [host = ""]) => {
    const names: string[] = [];
    for await (const user of pages((cursor) => context.api.users.list({ host, cursor, limit: 500 })))
      names.push(user.local);
    context.print(names, () => names);
  });
  apiCommand(program, "registered_vhosts", "virtual hosts, one a line", async ({ api, print }) => {
    const { items } = await api.hosts.list();
    print(
      items.map(({ host }) => host),
      () => items.map(({ host }) => host),
    );
  });
  apiCommand(program, "connected_users", "full JIDs of the connected resources, one a line", async (context) => {
    const sessions: string[] = [];
    for await (const session of pages((cursor) => context.api.sessions.list({ cursor, limit: 500 })))
      sessions.push(session.jid);
    context.print(sessions, () => sessions);
  });
  apiCommand(program, "connected_users_number", "how many resources are connected", async ({ api, print }) => {
    const { online } = await api.server.overview();
    print(online, () => String(online));
  });
  apiCommand(
    program,
    "kick_user <user> <host> [reason]",
    "end all sessions of an account",
    async (context, [user = "", host = "", reason = ""]) => kick(context, jid(user, host), reason),
  );
  apiCommand(
    program,
    "ban_account <user> <host> [reason]",
    "suspend an account: sessions end, data and password stay",
    async ({ api, print }, [user = "", host = "", reason = ""]) => {
      print(await api.users.suspend({ jid: jid(user, host), reason }), () => `${jid(user, host)} suspended`);
    },
  );
  apiCommand(
    program,
    "unban_account <user> <host>",
    "lift a suspension",
    async ({ api, print }, [user = "", host = ""]) => {
      print(await api.users.resume({ jid: jid(user, host) }), () => `${jid(user, host)} may log in again`);
    },
  );

  apiCommand(
    program,
    "clients <user> <host>",
    "clients with access to an account, the one that was there last first",
    async ({ api, print }, [user = "", host = ""]) => {
      const { items } = await api.users.clients({ jid: jid(user, host) });
      print(items, () => items.map(clientLine));
    },
  );
  apiCommand(
    program,
    "revoke_client <user> <host> <id>",
    "sign a client out: its tokens and sessions end",
    async ({ api, print }, [user = "", host = "", id = ""]) => {
      const answer = await api.users.revokeClient({ jid: jid(user, host), id });
      const note = answer.knowsPassword ? "; it knows the password and may come back until that is changed" : "";
      print(answer, () => `Client ${id} signed out${note}`);
    },
  );

  const roster = program.command("roster").description("contacts of an account, on its side only");
  apiCommand(
    roster,
    "set <jid> <contact> <subscription>",
    "add a contact or set one right; the subscription is none, to, from or both",
    async ({ api, print }, [account = "", contact = "", text = ""], { name, groups }) => {
      const subscription = Subscription.safeParse(text);
      if (!subscription.success)
        throw new CommandError("The subscription is one of none, to, from, both.", exitCodes.usage);
      const done = await api.users.setContact({
        jid: account,
        contact,
        subscription: subscription.data,
        ...(typeof name === "string" && { name }),
        ...(Array.isArray(groups) && { groups: groups.map(String) }),
      });
      print(done, () => `${contact} is a contact of ${account} (${subscription.data})`);
    },
    (command) => command.option("--name <name>", "what it is called").option("--groups <groups...>", "in these groups"),
  );
  apiCommand(
    roster,
    "remove <jid> <contact>",
    "take a contact out",
    async ({ api, print }, [account = "", contact = ""]) => {
      print(
        await api.users.removeContact({ jid: account, contact }),
        () => `${contact} is no contact of ${account} any more`,
      );
    },
  );

  const admin = program.command("admin").description("who administers the server (the ACL `admin`)");
  apiCommand(admin, "grant <jid>", "add an account to the ACL `admin`", async ({ api, print }, [account = ""]) => {
    print(await api.users.grantAdmin({ jid: account }), () => `${account} is an admin`);
  });
  apiCommand(
    admin,
    "revoke <jid>",
    "take an account out of the ACL `admin`",
    async ({ api, print }, [account = ""]) => {
      print(await api.users.revokeAdmin({ jid: account }), () => `${account} is no longer an admin`);
    },
  );

  const imports = program.command("import").description("bring in data from files");
  apiCommand(
    imports,
    "users <file>",
    "create accounts from CSV lines `user,host,password`; can be run again",
    async (context, [file = ""], options) => importUsers(context, file, options["update"] === true ? "update" : "skip"),
    (command) => command.option("--update", "set the password of accounts that exist already"),
  );
}

function clientLine({ id, software, device, lastAt, sessions, knowsPassword, hasToken }: UserClient): string {
  const access = [knowsPassword ? "password" : "", hasToken ? "token" : ""].filter(Boolean).join("+") || "session only";
  const name = [software, device].filter(Boolean).join(", ") || "says nothing of itself";
  return [id, name, access, sessions.length > 0 ? "connected" : "away", lastAt].join("\t");
}

async function kick({ api, print }: Context, account: string, reason: string): Promise<void> {
  const { ended } = await api.sessions.end({ jid: account, reason });
  print({ ended }, () => `${ended} session${ended === 1 ? "" : "s"} ended`);
}

import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { parseErlangTerm } from "../../../lib/contracts/erlang-term.ts";
import {
  formatCondition,
  formatLine,
  parseCondition,
  parseLine,
  PolicyTextError,
} from "../../../lib/contracts/policy-text.ts";
import { Policy, type PolicyChange, type PolicyIssue, type Verdict } from "../../../lib/contracts/policy.ts";
import { upgradePolicy } from "../../../lib/contracts/policy-upgrade.ts";
import { RegistrationPolicy } from "../../../lib/contracts/registration-policy.ts";
import { apiCommand, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";

/** Hosts, ACLs, access rules, registration and the whole policy document. */
export function policyCommands(program: Command): void {
  hostCommands(program.command("host").description("virtual hosts"));
  aclCommands(program.command("acl").description("ACLs: named sets of accounts and addresses"));
  accessCommands(program.command("access").description("access rules: ordered allow and deny lines"));
  registrationCommands(program.command("registration").description("who may make an account"));
  documentCommands(program.command("policy").description("the whole policy as one document"));
}

function hostCommands(host: Command): void {
  apiCommand(host, "add <host>", "serve another virtual host", async ({ api, print }, [name = ""]) => {
    print(await api.hosts.add({ host: name }), () => `Host ${name} added`);
  });
  apiCommand(
    host,
    "remove <host>",
    "remove a host with all its accounts",
    async ({ api, print }, [name = ""], options) => {
      if (options["yes"] !== true)
        throw new CommandError(`This deletes ${name} with all its accounts. Add --yes to do it.`, exitCodes.usage);
      print(await api.hosts.remove({ host: name, confirm: name }), () => `Host ${name} removed`);
    },
    (command) => command.option("--yes", "really do it"),
  );
  apiCommand(host, "list", "virtual hosts with their figures", async ({ api, print }) => {
    const { items } = await api.hosts.list();
    print(items, () =>
      items.map(
        (one) =>
          `${one.host}\t${one.users} users\t${one.online} online\tregistration ${one.registration}${one.enabled ? "" : "\tdisabled"}`,
      ),
    );
  });
}

const forHost = (command: Command): Command =>
  command.option("--host <host>", "the setting of one virtual host instead of the one for all");
const hostOf = (options: Record<string, unknown>): { host?: string } =>
  typeof options["host"] === "string" ? { host: options["host"] } : {};
const forSubject = (command: Command): Command =>
  forHost(command).option("--ip <address>", "as if connected from this address");
const subjectOf = (options: Record<string, unknown>): { host?: string; ip?: string } => ({
  ...hostOf(options),
  ...(typeof options["ip"] === "string" && { ip: options["ip"] }),
});

function aclCommands(acl: Command): void {
  apiCommand(acl, "list", "ACLs and their conditions", async ({ api, print }) => {
    const { policy } = await api.policy.get();
    print(policy.acl, () =>
      Object.entries(policy.acl).flatMap(([name, any]) =>
        any.length === 0 ? [`${name}: (nobody)`] : any.map((condition) => `${name}: ${formatCondition(condition)}`),
      ),
    );
  });
  apiCommand(
    acl,
    "set <name> [conditions...]",
    "set an ACL to these conditions (any of them matches); without conditions: nobody",
    async ({ api, print }, [name = "", ...conditions], options) => {
      if (options["remove"] === true) {
        const { revision } = await api.policy.setAcl({ name, any: null, ...hostOf(options) });
        print(revision, () => `ACL ${name} removed (revision ${revision.id})`);
        return;
      }
      const any = conditions.map((text) =>
        readText(text, (plain) => (plain.startsWith("{") ? conditionOfTerm(plain, name) : parseCondition(plain))),
      );
      const { revision, issues } = await api.policy.setAcl({ name, any, ...hostOf(options) });
      print({ revision, issues }, () => [`ACL ${name} set (revision ${revision.id})`, ...issueLines(issues)]);
    },
    (command) =>
      forHost(command)
        .option("--remove", "remove the ACL")
        .addHelpText(
          "after",
          "\nExample: nightpost acl set admin 'user harttle@bix.org'\nThe old form works too: nightpost acl set admin '{acl, admin, {user, \"harttle\", \"bix.org\"}}.'",
        ),
  );
  apiCommand(
    acl,
    "test <name> <jid>",
    "does this JID match the ACL (exit code 0 or 1)",
    async ({ api, print }, [name = "", jid = ""], options) => {
      const answer = await api.policy.testAcl({ acl: name, jid, ...subjectOf(options) });
      print(answer, () => [
        answer.matched ? `${jid} matches ${name}` : `${jid} does not match ${name}`,
        ...answer.conditions.map(
          (one) => `  ${one.matched ? "yes" : "no "}  ${one.text}${one.detail === "" ? "" : `  (${one.detail})`}`,
        ),
      ]);
      if (!answer.matched) process.exitCode = exitCodes.negative;
    },
    forSubject,
  );
}

function conditionOfTerm(text: string, name: string): ReturnType<typeof parseCondition> {
  const term = parseErlangTerm(text);
  if (term.kind !== "acl") throw new PolicyTextError("expected {acl, NAME, …}");
  if (term.name !== name) throw new PolicyTextError(`the term sets the ACL ${term.name}, not ${name}`);
  return term.condition;
}

function accessCommands(access: Command): void {
  apiCommand(access, "list", "access rules and their lines", async ({ api, print }) => {
    const { policy } = await api.policy.get();
    print(policy.accessRules, () =>
      Object.entries(policy.accessRules).flatMap(([name, lines]) => [
        ...lines.map((line) => `${name}: ${formatLine(line)}`),
        `${name}: otherwise deny`,
      ]),
    );
  });
  apiCommand(
    access,
    "set <name> <lines...>",
    "set an access rule to these lines (the first one that matches decides)",
    async ({ api, print }, [name = "", ...texts], options) => {
      const lines = texts.map((text) => readText(text, parseLine));
      const { revision, issues } = await api.policy.setAccessRule({
        name,
        lines,
        force: options["force"] === true,
        ...hostOf(options),
      });
      print({ revision, issues }, () => [`Access rule ${name} set (revision ${revision.id})`, ...issueLines(issues)]);
    },
    (command) =>
      forHost(command)
        .option("--force", "even if it locks out every admin")
        .addHelpText("after", "\nExample: nightpost access set register 'deny ip 203.0.113.0/24' 'allow all'"),
  );
  apiCommand(
    access,
    "test <rule> <jid>",
    "would this JID be allowed, and by which line (exit code 0 or 1)",
    async ({ api, print }, [rule = "", jid = ""], options) => {
      const verdict = await api.policy.testAccess({ rule, jid, ...subjectOf(options) });
      print(verdict, () => verdictLines(verdict));
      if (!verdict.allowed) process.exitCode = exitCodes.negative;
    },
    forSubject,
  );
}

function verdictLines(verdict: Verdict): string[] {
  const decided = verdict.line === null ? "no line matched" : `line ${verdict.line + 1}`;
  return [
    `${verdict.allowed ? "allowed" : "denied"} by ${verdict.rule}, ${decided}: ${verdict.text}`,
    ...verdict.trace.flatMap((line) => [
      `  ${line.index + 1}. ${line.action}${line.matched ? "  <- decides" : ""}`,
      ...line.conditions.map(
        (one) => `     ${one.matched ? "yes" : "no "}  ${one.text}${one.detail === "" ? "" : `  (${one.detail})`}`,
      ),
    ]),
  ];
}

function registrationCommands(registration: Command): void {
  apiCommand(
    registration,
    "get",
    "the registration policy",
    async ({ api, print }, _args, options) => {
      const { policy, inherited } = await api.registration.get(hostOf(options));
      print({ inherited, policy }, () => [
        ...(inherited && options["host"] !== undefined ? ["# inherited from the default"] : []),
        stringify(policy).trimEnd(),
      ]);
    },
    forHost,
  );
  apiCommand(
    registration,
    "set [settings...]",
    "change settings of the registration policy: KEY=VALUE …, or `inherit`",
    async ({ api, print }, settings, options) => {
      const host = hostOf(options);
      const policy =
        settings.length === 1 && settings[0] === "inherit"
          ? null
          : changed((await api.registration.get(host)).policy, settings);
      const { revision, issues } = await api.registration.set({ ...host, policy });
      print({ revision, issues }, () => [`Registration policy set (revision ${revision.id})`, ...issueLines(issues)]);
    },
    (command) =>
      forHost(command).addHelpText(
        "after",
        "\nExamples: nightpost registration set mode=open timeout=infinity\n          nightpost registration set 'networks=[{action: allow, cidr: 127.0.0.0/8}]' defaultIpv4=deny defaultIpv6=deny",
      ),
  );
  apiCommand(
    registration,
    "test <host> <address> [user]",
    "could this address register this name (exit code 0 or 1)",
    async ({ api, print }, [host = "", address = "", user = ""]) => {
      const verdict = await api.registration.test({ host, address, local: user });
      print(
        verdict,
        () =>
          `${verdict.allowed ? "allowed" : `denied (${verdict.code})`}: ${verdict.line}${verdict.retryAfterSeconds === null ? "" : `; again in ${verdict.retryAfterSeconds} s`}`,
      );
      if (!verdict.allowed) process.exitCode = exitCodes.negative;
    },
  );
  apiCommand(
    registration,
    "log",
    "the latest decisions, newest first",
    async ({ api, print }, _args, options) => {
      const { items } = await api.registration.log({ limit: 50, ...hostOf(options) });
      print(items, () =>
        items.map(
          (one) =>
            `${one.at} ${one.verdict.allowed ? "allowed" : "denied "} ${one.jid} from ${one.address}: ${one.verdict.line}`,
        ),
      );
    },
    forHost,
  );
}

function changed(policy: RegistrationPolicy, settings: readonly string[]): RegistrationPolicy {
  const draft: Record<string, unknown> = { ...policy };
  for (const setting of settings) {
    const equals = setting.indexOf("=");
    const key = setting.slice(0, equals);
    if (equals < 1 || !Object.hasOwn(draft, key)) {
      throw new CommandError(
        `${setting}: expected KEY=VALUE with one of the keys ${Object.keys(draft).join(", ")}`,
        exitCodes.usage,
      );
    }
    draft[key] = parse(setting.slice(equals + 1));
  }
  const parsed = RegistrationPolicy.safeParse(draft);
  if (!parsed.success) throw new CommandError(z.prettifyError(parsed.error), exitCodes.usage);
  return parsed.data;
}

function documentCommands(document: Command): void {
  apiCommand(document, "export", "print the policy in force as YAML", async ({ api, print }) => {
    const { policy } = await api.policy.get();
    print(policy, () => stringify(policy).trimEnd());
  });
  apiCommand(
    document,
    "diff <file>",
    "what applying this file would change (exit code 1 when it has errors)",
    async ({ api, print }, [file = ""]) => {
      const { changes, issues } = await api.policy.check({ policy: readDocument(file) });
      print({ changes, issues }, () => [
        ...(changes.length === 0 ? ["no changes"] : changeLines(changes)),
        ...issueLines(issues),
      ]);
      if (issues.some((issue) => issue.severity === "error")) process.exitCode = exitCodes.negative;
    },
  );
  apiCommand(
    document,
    "apply <file>",
    "make this file the policy in force, as a new revision",
    async ({ api, print }, [file = ""], options) => {
      const parsed = Policy.safeParse(upgradePolicy(readDocument(file)));
      if (!parsed.success) throw new CommandError(`${file}:\n${z.prettifyError(parsed.error)}`, exitCodes.usage);
      const result = await api.policy.apply({
        policy: parsed.data,
        comment: typeof options["message"] === "string" ? options["message"] : "",
        force: options["force"] === true,
      });
      print(result, () => [
        ...changeLines(result.changes),
        `revision ${result.revision.id} is in force`,
        ...issueLines(result.issues),
      ]);
    },
    (command) =>
      command
        .option("-m, --message <text>", "why, for the list of revisions")
        .option("--force", "even if it locks out every admin"),
  );
  apiCommand(document, "revisions", "earlier policies, newest first", async (context: Context) => {
    const { items } = await context.api.policy.revisions({ limit: 50 });
    context.print(items, () => items.map((one) => `${one.id}\t${one.at}\t${one.author}\t${one.comment}`));
  });
  apiCommand(
    document,
    "rollback <revision>",
    "make an earlier policy the one in force",
    async ({ api, print }, [id = ""]) => {
      const { revision, changes } = await api.policy.rollback({ id: Number(id) });
      print({ revision, changes }, () => [...changeLines(changes), `revision ${revision.id} is in force`]);
    },
  );
}

function readDocument(file: string): unknown {
  try {
    return parse(readFileSync(file === "-" ? 0 : file, "utf8"));
  } catch (error) {
    throw new CommandError(`${file}: ${error instanceof Error ? error.message : String(error)}`, exitCodes.usage);
  }
}

function readText<T>(text: string, read: (text: string) => T): T {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof PolicyTextError) throw new CommandError(`${text}: ${error.message}`, exitCodes.usage);
    throw error;
  }
}

function issueLines(issues: readonly PolicyIssue[]): string[] {
  return issues.map(
    (issue) =>
      `${issue.severity}: ${issue.path}: ${issue.message}${issue.suggestion === null ? "" : ` (${issue.suggestion})`}`,
  );
}

function changeLines(changes: readonly PolicyChange[]): string[] {
  return changes.flatMap(({ path, before, after }) => [
    ...(before === null || before === undefined ? [] : [`- ${path}: ${JSON.stringify(before)}`]),
    ...(after === null || after === undefined ? [] : [`+ ${path}: ${JSON.stringify(after)}`]),
  ]);
}

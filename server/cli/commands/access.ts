import type { Command } from "commander";
import { parseErlangTerm } from "../../../lib/contracts/erlang-term.ts";
import {
  formatCondition,
  formatLine,
  parseCondition,
  parseLine,
  PolicyTextError,
} from "../../../lib/contracts/policy-text.ts";
import type { Verdict } from "../../../lib/contracts/policy.ts";
import { apiCommand } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { forced, forHost, hostOf } from "../host-option.ts";
import { issueLines } from "../policy-lines.ts";

/** ACLs and access rules, one at a time. */
export function accessRuleCommands(program: Command): void {
  aclCommands(program.command("acl").description("ACLs: named sets of accounts and addresses"));
  accessCommands(program.command("access").description("access rules: ordered allow and deny lines"));
}

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
      const force = options["force"] === true;
      if (options["remove"] === true) {
        const { revision } = await api.policy.setAcl({ name, any: null, force, ...hostOf(options) });
        print(revision, () => `ACL ${name} removed (revision ${revision.id})`);
        return;
      }
      const any = conditions.map((text) =>
        readText(text, (plain) => (plain.startsWith("{") ? conditionOfTerm(plain, name) : parseCondition(plain))),
      );
      const { revision, issues } = await api.policy.setAcl({ name, any, force, ...hostOf(options) });
      print({ revision, issues }, () => [`ACL ${name} set (revision ${revision.id})`, ...issueLines(issues)]);
    },
    (command) =>
      forHost(command)
        .option("--remove", "remove the ACL")
        .option("--force", forced)
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
  apiCommand(
    acl,
    "count <condition>",
    "how many accounts and sessions a condition matches",
    async ({ api, print }, [text = ""]) => {
      const count = await api.policy.count({ condition: readText(text, parseCondition) });
      const { matched, checked, total, online } = count;
      const among = checked < total ? `a sample of ${checked} of ${total}` : `${total}`;
      print(count, () => `matches ${matched} of ${among} accounts, ${online} online`);
    },
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
        .option("--force", forced)
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

function readText<T>(text: string, read: (text: string) => T): T {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof PolicyTextError) throw new CommandError(`${text}: ${error.message}`, exitCodes.usage);
    throw error;
  }
}

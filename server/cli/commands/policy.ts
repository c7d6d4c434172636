import type { Command } from "commander";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { upgradePolicy } from "../../../lib/contracts/policy-upgrade.ts";
import { Policy } from "../../../lib/contracts/policy.ts";
import { apiCommand, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { fileText } from "../file-text.ts";
import { forced } from "../host-option.ts";
import { changeLines, impactLines, issueLines, testText } from "../policy-lines.ts";
import { accessRuleCommands } from "./access.ts";
import { hostCommands } from "./hosts.ts";
import { registrationCommands } from "./registration.ts";

/** Hosts, ACLs, access rules, registration and the whole policy document. */
export function policyCommands(program: Command): void {
  hostCommands(program.command("host").description("virtual hosts"));
  accessRuleCommands(program);
  registrationCommands(program.command("registration").description("who may make an account"));
  documentCommands(program.command("policy").description("the whole policy as one document"));
}

function documentCommands(document: Command): void {
  apiCommand(document, "export", "print the policy in force as YAML", async ({ api, print }) => {
    const { policy } = await api.policy.get();
    print(policy, () => stringify(policy).trimEnd());
  });
  apiCommand(
    document,
    "diff <file>",
    "what applying this file would change, and for whom (exit code 1 when it has errors)",
    async ({ api, print }, [file = ""]) => {
      const { changes, issues, impact } = await api.policy.check({ policy: readDocument(file), impact: true });
      print({ changes, impact, issues }, () => [
        ...(changes.length === 0 ? ["no changes"] : changeLines(changes)),
        ...impactLines(impact),
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
      const policy = parsedDocument(file);
      const { impact } = await api.policy.check({ policy, impact: true });
      const result = await api.policy.apply({
        policy,
        comment: typeof options["message"] === "string" ? options["message"] : "",
        force: options["force"] === true,
      });
      print({ ...result, impact }, () => [
        ...changeLines(result.changes),
        ...impactLines(impact),
        `revision ${result.revision.id} is in force`,
        ...issueLines(result.issues),
      ]);
    },
    (command) => command.option("-m, --message <text>", "why, for the list of revisions").option("--force", forced),
  );
  apiCommand(
    document,
    "test [file]",
    "ask the questions that are kept with the policy, or with this file (exit code 1 when one fails)",
    async ({ api, print }, [file]) => {
      const { items } = await api.policy.test(file === undefined ? {} : { draft: parsedDocument(file) });
      const failed = items.filter((run) => !run.passed);
      print(items, () => [
        ...items.map(
          ({ test, passed, verdict }) =>
            `${passed ? "pass" : "FAIL"}  ${test.name}: ${testText(test)}, ${verdict.text}`,
        ),
        `${items.length} tests, ${failed.length} failed`,
      ]);
      if (failed.length > 0) process.exitCode = exitCodes.negative;
    },
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
  const text = fileText(file);
  try {
    return parse(text);
  } catch (error) {
    throw new CommandError(`${file}: ${error instanceof Error ? error.message : String(error)}`, exitCodes.usage);
  }
}

function parsedDocument(file: string): Policy {
  const parsed = Policy.safeParse(upgradePolicy(readDocument(file)));
  if (parsed.success) return parsed.data;
  throw new CommandError(`${file}:\n${z.prettifyError(parsed.error)}`, exitCodes.usage);
}

import type { Command } from "commander";
import { z } from "zod";
import { CancelOn, ForwardRule, MessageClass } from "../../../lib/contracts/forward-policy.ts";
import type { Simulation, TargetCheck } from "../../../lib/contracts/simulation.ts";
import type { Api } from "../client.ts";
import { apiCommand, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { fileText } from "../file-text.ts";

type Options = Record<string, unknown>;

/** What is forwarded where, and what would become of a message. */
export function ruleCommands(forward: Command): void {
  apiCommand(forward, "rules", "the rules that say what goes where, in order", list, (command) =>
    command.option("--count", "how many of the latest messages for somebody away each would have matched"),
  );
  const rule = forward.command("rule").description("what goes where: rules are asked in order");
  apiCommand(
    rule,
    "set <name>",
    "add a rule at the end, or change what is given of the one of this name",
    set,
    (command) =>
      command
        .option("--target <name...>", "targets that get what it matches")
        .option("--class <class...>", `what it is about: ${MessageClass.options.join(", ")}`)
        .option("--host <host...>", "only for recipients on these hosts")
        .option("--sender <who...>", "only from these: a bare JID, a domain, *@domain or acl:name")
        .option("--recipient <who...>", "only for these")
        .option("--encrypted <which>", "any, only or never end-to-end encrypted ones")
        .option("--hint <hint...>", "only with one of these hints (XEP-0334): store, no-copy, no-permanent-store")
        .option("--expression <cel>", "only when this holds, e.g. message.body.contains('urgent')")
        .option("--cancel-on <what>", `${CancelOn.options.join(", ")}, or kind: what is usual for the kind of target`)
        .option("--delay <seconds>", "wait so long before the first attempt")
        .option("--ttl <seconds>", "give up after so long; 0: as the target says")
        .option("--last", "rules after it are not asked about what it matches")
        .option("--no-last", "they are")
        .option("--enable", "switch it on")
        .option("--disable", "switch it off"),
  );
  apiCommand(rule, "remove <name>", "remove a rule", async (context, [name = ""]) => {
    await change(context, `rule ${name} removed`, (rules) => {
      rules.splice(indexOf(rules, name), 1);
    });
  });
  apiCommand(
    rule,
    "move <name> <position>",
    "ask a rule at another place, 1 being the first",
    async (context, args) => {
      const [name = "", position = ""] = args;
      if (!/^[1-9]\d{0,3}$/.test(position))
        throw new CommandError(`${position}: expected a place, 1 or more`, exitCodes.usage);
      await change(context, `rule ${name} moved`, (rules) => {
        const [moved] = rules.splice(indexOf(rules, name), 1);
        rules.splice(Number(position) - 1, 0, moved!);
      });
    },
  );
  apiCommand(forward, "simulate", "what happens to a message whose recipient is away", simulate, (command) =>
    command
      .requiredOption("--host <host>", "the recipient's")
      .option("--stanza <file>", "a <message/> or a presence of type subscribe, with from and to; - reads it")
      .option("--event <id>", "the message of this event, while it is kept")
      .option("--class <class>", "groupchat or mention: as if it came through a room"),
  );
  apiCommand(forward, "preview <target>", "what a target would be sent for a message", preview, (command) =>
    command.option("--stanza <file>", "the message, with from and to; - reads it; a sample when left out"),
  );
}

async function list({ api, print }: Context, _args: string[], options: Options): Promise<void> {
  if (options["count"] === true) {
    const { messages, rules } = await api.forward.countMatches({});
    print({ messages, rules }, () => rules.map(({ name, matched }) => `${name}\t${matched} of ${messages}`));
    return;
  }
  const { items } = await api.forward.rules();
  print(items, () => items.map(ruleLine));
}

async function set(context: Context, [name = ""]: string[], options: Options): Promise<void> {
  await change(context, `rule ${name} set`, (rules) => {
    const index = rules.findIndex((one) => one.name === name);
    const before = index < 0 ? { name, targets: [] } : rules[index]!;
    const parsed = ForwardRule.safeParse({ ...before, ...given(options) });
    if (!parsed.success) throw new CommandError(z.prettifyError(parsed.error), exitCodes.usage);
    if (index < 0) rules.push(parsed.data);
    else rules[index] = parsed.data;
  });
}

/** What the options say, by the names of the rule. */
function given(options: Options): Options {
  const names = {
    target: "targets",
    class: "classes",
    host: "hosts",
    sender: "senders",
    recipient: "recipients",
    encrypted: "encrypted",
    hint: "hints",
    expression: "expression",
    last: "last",
  } as const;
  const rule: Options = {};
  for (const [option, name] of Object.entries(names)) if (options[option] !== undefined) rule[name] = options[option];
  if (options["cancelOn"] !== undefined) rule["cancelOn"] = options["cancelOn"] === "kind" ? null : options["cancelOn"];
  if (options["delay"] !== undefined) rule["delaySeconds"] = Number(options["delay"]);
  if (options["ttl"] !== undefined) rule["ttlSeconds"] = Number(options["ttl"]) || null;
  if (options["enable"] === true) rule["enabled"] = true;
  if (options["disable"] === true) rule["enabled"] = false;
  return rule;
}

async function change({ api, print }: Context, comment: string, edit: (rules: ForwardRule[]) => void): Promise<void> {
  const { items } = await api.forward.rules();
  const rules = [...items];
  edit(rules);
  const { revision } = await api.forward.setRules({ rules, comment });
  print({ revision, rules }, () => [...rules.map(ruleLine), `revision ${revision.id} is in force`]);
}

function indexOf(rules: readonly ForwardRule[], name: string): number {
  const index = rules.findIndex((one) => one.name === name);
  if (index < 0) throw new CommandError(`There is no rule ${name}.`);
  return index;
}

function ruleLine(rule: ForwardRule, index: number): string {
  const conditions = [
    rule.classes.join(", "),
    ...(rule.hosts.length > 0 ? [`hosts ${rule.hosts.join(", ")}`] : []),
    ...(rule.senders.length > 0 ? [`from ${rule.senders.join(", ")}`] : []),
    ...(rule.recipients.length > 0 ? [`to ${rule.recipients.join(", ")}`] : []),
    ...(rule.encrypted === "any" ? [] : [`encrypted: ${rule.encrypted}`]),
    ...(rule.hints.length > 0 ? [`with ${rule.hints.join(" or ")}`] : []),
    ...(rule.expression === "" ? [] : [`if ${rule.expression.replaceAll(/\s+/g, " ")}`]),
  ];
  const then = rule.targets.length === 0 ? "nowhere" : rule.targets.join(", ");
  const more = [
    ...(rule.delaySeconds > 0 ? [`after ${rule.delaySeconds} s`] : []),
    ...(rule.cancelOn === null ? [] : [`cancelled: ${rule.cancelOn}`]),
    ...(rule.last ? ["last"] : []),
    ...(rule.enabled ? [] : ["off"]),
  ];
  return [`${index + 1}`, rule.name, conditions.join("; "), `-> ${then}`, ...more].join("\t");
}

async function simulate({ api, print }: Context, _args: string[], options: Options): Promise<void> {
  const parsed = MessageClass.optional().safeParse(options["class"]);
  if (!parsed.success) throw new CommandError(`--class: one of ${MessageClass.options.join(", ")}`, exitCodes.usage);
  const { host, event } = options as { host: string; event?: string };
  const stanza = stanzaOf(options);
  if ((stanza === undefined) === (event === undefined))
    throw new CommandError("expected --stanza or --event", exitCodes.usage);
  const outcome = await api.forward.simulate({
    host,
    ...(stanza === undefined ? {} : { stanza }),
    ...(event === undefined ? {} : { event }),
    ...(parsed.data === undefined ? {} : { class: parsed.data }),
  });
  print(outcome, () => outcomeLines(outcome));
  if (outcome.events.length === 0) process.exitCode = exitCodes.negative;
}

function outcomeLines(outcome: Simulation): string[] {
  return [
    `class      ${outcome.class ?? "none: nothing that is forwarded"}`,
    `stored     ${outcome.stored ? "yes" : "no"}: ${outcome.reason}`,
    ...(outcome.encrypted === null ? [] : [`encrypted  ${outcome.encrypted}`]),
    ...outcome.rules.map(({ name, matched, reason }) => `rule       ${name}: ${matched ? "yes" : "no"}, ${reason}`),
    ...outcome.skipped.map(({ target, reason }) => `not to     ${target}: ${reason}`),
    ...outcome.events.flatMap((event) => [
      `to         ${event.target} by ${event.rule}, ${event.bytes} bytes of ${event.contentType}` +
        `${event.devices === null ? "" : `, ${event.devices} devices`}, due ${event.dueAt}, until ${event.expiresAt}`,
      ...(event.payload === null ? [] : [`           ${event.payload}`]),
    ]),
  ];
}

async function preview({ api, print }: Context, [name = ""]: string[], options: Options): Promise<void> {
  const stanza = stanzaOf(options);
  const target = await targetOf(api, name);
  const { payload, problems } = await api.forward.preview({ target, ...(stanza === undefined ? {} : { stanza }) });
  print({ payload, problems }, () => [
    ...problems.map(problemLine),
    ...(payload === null
      ? ["it has nothing to say about this message"]
      : [`${payload.contentType}, ${payload.bytes} bytes`, payload.text]),
  ]);
  if (payload === null) process.exitCode = exitCodes.negative;
}

async function targetOf(api: Api, name: string) {
  const { items } = await api.forward.targets();
  const found = items.find((one) => one.name === name);
  if (found === undefined) throw new CommandError(`There is no target ${name}.`);
  return found.target;
}

function problemLine({ field, message, line, column }: TargetCheck["problems"][number]): string {
  return `problem: ${field}: ${line === null ? "" : `line ${line}, column ${column}: `}${message}`;
}

function stanzaOf(options: Options): string | undefined {
  const { stanza: file } = options as { stanza?: string };
  if (file === undefined) return undefined;
  return fileText(file);
}

import { type Command, Option } from "commander";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { upgradeRegistration } from "../../../lib/contracts/policy-upgrade.ts";
import { RegistrationPolicy } from "../../../lib/contracts/registration-policy.ts";
import { apiCommand, pages, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { forHost, hostOf } from "../host-option.ts";
import { issueLines } from "../policy-lines.ts";

/** Who may make an account. */
export function registrationCommands(registration: Command): void {
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
  applicationCommands(registration);
}

/** What an admin decides in person. */
function applicationCommands(registration: Command): void {
  apiCommand(
    registration,
    "applications",
    "who has asked for an account, the oldest first",
    async ({ api, print }, _args, options) => {
      const state = options["denied"] === true ? ("denied" as const) : ("waiting" as const);
      const items = await Array.fromAsync(
        pages((cursor) => api.registration.applications({ ...hostOf(options), state, cursor, limit: 500 })),
      );
      print(items, () =>
        items.map(({ jid, at, address, message, denied }) =>
          [
            at,
            jid,
            `from ${address}`,
            ...(denied === null ? [] : [`denied by ${denied.by}: ${denied.reason}`]),
            message,
          ]
            .join("  ")
            .trimEnd(),
        ),
      );
    },
    (command) =>
      command.option("--host <host>", "only of this host").option("--denied", "those that were refused instead"),
  );
  apiCommand(
    registration,
    "approve <jids...>",
    "make the accounts that were applied for",
    async (context, jids, { text, template }) =>
      tell(
        context,
        "approved",
        await context.api.registration.approve({
          jids,
          ...(typeof text === "string" && { text }),
          ...(typeof template === "string" && { template }),
        }),
      ),
    (command) =>
      command
        .option("--text <text>", "left for each as a message, with {name} and {host} filled in")
        .addOption(byTemplate()),
  );
  apiCommand(
    registration,
    "deny <jids...>",
    "refuse applications",
    async (context, jids, { reason, template }) =>
      tell(
        context,
        "denied",
        await context.api.registration.deny({
          jids,
          ...(typeof reason === "string" && { reason }),
          ...(typeof template === "string" && { template }),
        }),
      ),
    (command) =>
      command
        .option("--reason <text>", "told to whoever logs in with it, with {name} and {host} filled in")
        .addOption(byTemplate()),
  );
  apiCommand(
    registration,
    "templates <host>",
    "texts for those who applied on a host, as its policy has them",
    async ({ api, print }, [host = ""]) => {
      const { items } = await api.registration.templates({ host });
      print(items, () =>
        items.flatMap(({ name, outcome, texts }) =>
          Object.entries(texts).map(([language, text]) => `${outcome.padEnd(7)}  ${name} (${language}): ${text}`),
        ),
      );
    },
  );
  apiCommand(
    registration,
    "allow-once <jid> <address>",
    "let this name be registered from this address once, whatever the policy says",
    async ({ api, print }, [jid = "", address = ""], { minutes }) => {
      const pass = await api.registration.allowOnce({ jid, address, minutes: Number(minutes) });
      print(pass, () => `${pass.jid} may be registered from ${pass.network} until ${pass.expiresAt}  ${pass.id}`);
    },
    (command) => command.option("--minutes <n>", "for how long", "60"),
  );
  apiCommand(
    registration,
    "passes",
    "what is allowed once",
    async ({ api, print }, _args, options) => {
      const { items } = await api.registration.passes(hostOf(options));
      print(items, () =>
        items.map(
          ({ id, jid, network, createdBy, expiresAt }) =>
            `${jid} from ${network} until ${expiresAt}  ${createdBy}  ${id}`,
        ),
      );
    },
    (command) => command.option("--host <host>", "only of this host"),
  );
  apiCommand(registration, "revoke-pass <id>", "take back what is allowed once", async ({ api, print }, [id = ""]) => {
    print(await api.registration.revokePass({ id }), () => "taken back");
  });
  apiCommand(
    registration,
    "ban <network>",
    "deny a network, before all other lines",
    async ({ api, print }, [cidr = ""], options) => {
      const host = hostOf(options);
      const { policy } = await api.registration.get(host);
      const networks = [{ action: "deny" as const, cidr }, ...policy.networks];
      const { revision, issues } = await api.registration.set({ ...host, policy: { ...policy, networks } });
      print({ revision, issues }, () => [`${cidr} is denied (revision ${revision.id})`, ...issueLines(issues)]);
    },
    forHost,
  );
}

const byTemplate = (): Option =>
  new Option("--template <name>", "a template of their hosts instead, which tells each in their language");

function tell(
  { print }: Context,
  what: string,
  outcome: Awaited<ReturnType<Context["api"]["registration"]["approve"]>>,
): void {
  print(outcome, () => [`${outcome.done} ${what}`, ...outcome.failed.map(({ jid, code }) => `  ${jid}: ${code}`)]);
  if (outcome.failed.length > 0) process.exitCode = exitCodes.negative;
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
  const parsed = RegistrationPolicy.safeParse(upgradeRegistration(draft));
  if (!parsed.success) throw new CommandError(z.prettifyError(parsed.error), exitCodes.usage);
  return parsed.data;
}

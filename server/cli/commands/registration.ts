import type { Command } from "commander";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { RegistrationPolicy } from "../../../lib/contracts/registration-policy.ts";
import { apiCommand } from "../context.ts";
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

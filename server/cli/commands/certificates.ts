import { setTimeout as pause } from "node:timers/promises";
import type { Command } from "commander";
import type { CertificateFacts, CertificateOrder, HostCertificate } from "../../../lib/contracts/certificates.ts";
import { apiCommand, type Context } from "../context.ts";
import { exitCodes } from "../exit.ts";
import { fileText } from "../file-text.ts";

const pollMs = 500;

/** What hosts show to whoever connects. */
export function certificateCommands(program: Command): void {
  const certificate = program.command("certificate").description("certificates of the hosts");
  apiCommand(certificate, "list", "what each host shows", async (context) => list(context));
  apiCommand(
    certificate,
    "upload <host> <chain-file> [key-file]",
    "let a host show this certificate from now on; without a key file, the key of its last request",
    async ({ api, print }, [host = "", chainFile = "", keyFile], options) => {
      const input = { host, chain: fileText(chainFile), key: keyFile === undefined ? null : fileText(keyFile) };
      if (options["check"] === true) {
        const { before, after } = await api.certificates.check(input);
        print({ before, after }, () => [`before: ${factsLine(before)}`, `after:  ${factsLine(after)}`]);
      } else {
        const shown = await api.certificates.upload(input);
        print(shown, () => lineOf(shown));
      }
    },
    (command) => command.option("--check", "say what would change, and change nothing"),
  );
  apiCommand(
    certificate,
    "rollback <host>",
    "let a host show what it showed before",
    async ({ api, print }, [host = ""]) => {
      const shown = await api.certificates.rollback({ host });
      print(shown, () => lineOf(shown));
    },
  );
  apiCommand(
    certificate,
    "self-sign <host>",
    "make a self-signed certificate anew",
    async ({ api, print }, [host = ""]) => {
      const shown = await api.certificates.selfSign({ host });
      print(shown, () => lineOf(shown));
    },
  );
  apiCommand(
    certificate,
    "request <host> [names...]",
    "print a request for a certificate (CSR); its key stays on the server",
    async ({ api, print }, [host = "", ...names]) => {
      const made = await api.certificates.request({ host, names: names.length === 0 ? [host] : names });
      print(made, () => made.csr.trimEnd());
    },
  );
  apiCommand(
    certificate,
    "order <host>",
    "order a certificate from the authority (ACME)",
    async (context, [host = ""]) => order(context, host),
  );

  apiCommand(program, "list_certificates", "what each host shows", async (context) => list(context));
  apiCommand(
    program,
    "request_certificate <hosts>",
    "order certificates of hosts, separated by commas",
    async (context, [hosts = ""]) => {
      for (const host of hosts.split(",")) await order(context, host.trim());
    },
  );
}

async function list({ api, print }: Context): Promise<void> {
  const { items } = await api.certificates.list();
  print(items, () => items.map(lineOf));
}

async function order({ api, print }: Context, host: string): Promise<void> {
  let current: CertificateOrder = await api.certificates.order({ host });
  while (current.state === "running") {
    await pause(pollMs);
    const { items } = await api.certificates.orders();
    current = items.find(({ id }) => id === current.id) ?? current;
  }
  print(current, () => current.steps.map(({ at, step, name, detail }) => `${at} ${step} ${name} ${detail}`.trimEnd()));
  if (current.state === "failed") process.exitCode = exitCodes.negative;
}

function lineOf({ host, source, certificate, services }: HostCertificate): string {
  const missing = services.filter(({ covered }) => !covered).map(({ name }) => name);
  return `${host} ${source} ${factsLine(certificate)}${missing.length === 0 ? "" : `, not for ${missing.join(", ")}`}`;
}

function factsLine(facts: CertificateFacts | null): string {
  if (facts === null) return "none";
  const { names, notAfter, chain, fingerprint, covers } = facts;
  return `${names.join(" ")} until ${notAfter}, chain ${chain}${covers ? "" : ", not for this host"}, SHA-256 ${fingerprint}`;
}

import { domainToASCII } from "node:url";
import type { Finding } from "../../../lib/contracts/doctor.ts";
import { authorityOf } from "../../operations/certificates/authority.ts";
import { type DnsResolver, type Examined, finding, isAbsent, reasonOf } from "./parts.ts";

type CaaRecord = Awaited<ReturnType<DnsResolver["resolveCaa"]>>[number];

/** Who may issue certificates for each host (RFC 8659), and whether the authority that they are ordered from is among them. */
export async function examineCaa(
  { core, patient }: Pick<Examined, "core" | "patient">,
  authority = authorityOf,
): Promise<Finding[]> {
  const { acme } = core.policy.document.operations;
  const hosts = Object.keys(core.policy.document.hosts);
  const ordered = acme.agreed ? hosts.filter((host) => acme.hosts.includes(host)) : [];
  const identities =
    ordered.length === 0 ? [] : ((await authority(acme.directory).catch(() => null))?.caaIdentities ?? []);
  return Promise.all(
    hosts.map((host) => ofHost(host, patient.dns, ordered.includes(host) && identities.length > 0 ? identities : null)),
  );
}

/** `identities`: what the authority that is to issue calls itself; null: nothing is ordered. */
async function ofHost(host: string, dns: DnsResolver, identities: readonly string[] | null): Promise<Finding> {
  const domain = domainToASCII(host) || host;
  const found = await recordsOf(domain, dns);
  if (found instanceof Error) {
    const values = { name: domain, reason: reasonOf(found) };
    return finding("dns", host, "dns-failed", values, "warning", `CAA ${domain}`);
  }
  const { name, records } = found;
  const issuers = records.flatMap(({ issue }) => (issue === undefined ? [] : (issue.split(";")[0] ?? "").trim()));
  const values = {
    host,
    name,
    issuers: issuers.filter((issuer) => issuer !== "").join(", ") || "–",
    authority: identities?.[0] ?? "",
  };
  const evidence = `CAA ${name}: ${records.map((record) => JSON.stringify(record)).join(", ") || "no record"}`;
  if (issuers.length === 0) return finding("dns", host, "caa-missing", values, "note", evidence);
  const mayIssue = identities === null || identities.some((identity) => issuers.includes(identity));
  return mayIssue
    ? finding("dns", host, "caa-found", values, "ok", evidence)
    : finding("dns", host, "caa-forbids", values, "error", evidence);
}

/** RFC 8659 3: those of the name itself, or of the nearest one above it that has any. */
async function recordsOf(domain: string, dns: DnsResolver): Promise<{ name: string; records: CaaRecord[] } | Error> {
  const labels = domain.split(".");
  for (let at = 0; at < labels.length; at += 1) {
    const name = labels.slice(at).join(".");
    try {
      const records = await dns.resolveCaa(name);
      if (records.length > 0) return { name, records };
    } catch (error) {
      if (!isAbsent(error)) return error instanceof Error ? error : new Error(String(error));
    }
  }
  return { name: domain, records: [] };
}

import { domainToASCII } from "node:url";
import type { Finding } from "../../../lib/contracts/doctor.ts";
import { type DnsResolver, type Examined, finding, isAbsent, reasonOf } from "./parts.ts";

/** RFC 6120 3.2.1 and XEP-0368: which record leads to which listener, and where one goes without it. */
const services = [
  { label: "_xmpp-client._tcp", listener: "c2s", fallback: 5222 },
  { label: "_xmpps-client._tcp", listener: "c2s-tls", fallback: null },
  { label: "_xmpp-server._tcp", listener: "s2s", fallback: 5269 },
] as const;

/** Addresses and SRV records of each host. */
export async function examineDns({
  core,
  listeners,
  patient,
}: Pick<Examined, "core" | "listeners" | "patient">): Promise<Finding[]> {
  const ports = new Map(listeners().map(({ name, port }) => [name, port]));
  const hosts = Object.keys(core.policy.document.hosts);
  const found = await Promise.all(
    hosts.map(async (host) => {
      const name = domainToASCII(host) || host;
      return [
        await ofAddresses(host, name, patient.dns, patient.addresses()),
        ...(await ofRecords(host, name, patient.dns, ports)),
      ];
    }),
  );
  return found.flat();
}

async function ofAddresses(host: string, name: string, dns: DnsResolver, own: readonly string[]): Promise<Finding> {
  const addresses = await addressesOf(dns, name);
  const here = own.length === 0 ? "this machine" : own.join(", ");
  if (addresses instanceof Error)
    return finding("dns", host, "dns-failed", { name, reason: reasonOf(addresses) }, "warning", `A, AAAA ${name}`);
  const evidence = `${name}: ${addresses.join(", ") || "no A or AAAA record"}`;
  if (addresses.length === 0) return finding("dns", host, "address-missing", { host, own: here }, "error", evidence);
  const values = { host, addresses: addresses.join(", "), own: here };
  const isHere = addresses.some((address) => own.includes(address));
  return isHere
    ? finding("dns", host, "address-found", values, "ok", evidence)
    : finding("dns", host, "address-elsewhere", values, "note", evidence);
}

async function ofRecords(
  host: string,
  domain: string,
  dns: DnsResolver,
  ports: ReadonlyMap<string, number>,
): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { label, listener, fallback } of services) {
    const own = ports.get(listener);
    if (own === undefined) continue;
    const name = `${label}.${domain}`;
    const records = await dns.resolveSrv(name).catch((error: unknown) => (isAbsent(error) ? [] : asError(error)));
    if (records instanceof Error)
      found.push(finding("dns", host, "dns-failed", { name, reason: reasonOf(records) }, "warning", `SRV ${name}`));
    else if (records.length === 0) found.push(missing(host, name, domain, own, fallback));
    else for (const record of records) found.push(await ofRecord(host, name, record, own, dns));
  }
  return found;
}

function missing(host: string, name: string, domain: string, own: number, fallback: number | null): Finding {
  const values = { name, host: domain, port: String(own), fallback: String(fallback ?? "") };
  const evidence = `SRV ${name}: no record`;
  if (fallback === null) return finding("dns", host, "srv-missing-direct", values, "note", evidence);
  if (fallback === own) return finding("dns", host, "srv-missing", values, "note", evidence);
  return finding("dns", host, "srv-missing-needed", values, "error", evidence);
}

async function ofRecord(
  host: string,
  name: string,
  { name: target, port }: { readonly name: string; readonly port: number },
  own: number,
  dns: DnsResolver,
): Promise<Finding> {
  const values = { name, target, port: String(port), own: String(own) };
  const evidence = `SRV ${name}: ${target} ${port}`;
  const addresses = await addressesOf(dns, target);
  if (!(addresses instanceof Error) && addresses.length === 0)
    return finding("dns", host, "srv-dead-target", values, "error", evidence);
  if (port !== own) return finding("dns", host, "srv-other-port", values, "note", evidence);
  return finding("dns", host, "srv-found", values, "ok", evidence);
}

/** None: there is no such record; an error: it cannot be looked up. */
export async function addressesOf(dns: DnsResolver, name: string): Promise<string[] | Error> {
  const answers = await Promise.allSettled([dns.resolve4(name), dns.resolve6(name)]);
  const found = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  if (found.length > 0) return found;
  const failure = answers.find((answer) => answer.status === "rejected" && !isAbsent(answer.reason));
  return failure?.status === "rejected" ? asError(failure.reason) : [];
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

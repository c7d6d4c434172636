import { domainToASCII } from "node:url";
import type { Finding } from "../../../lib/contracts/doctor.ts";
import { reachOf } from "../../core/public-address.ts";
import { type DnsResolver, type Examined, finding, isAbsent, reasonOf } from "./parts.ts";

/** RFC 6120 3.2.1 and XEP-0368: which record leads to which listener, and where one goes without it. */
const services = [
  { label: "_xmpp-client._tcp", listener: "c2s", fallback: 5222 },
  { label: "_xmpps-client._tcp", listener: "c2s-tls", fallback: null },
  { label: "_xmpp-server._tcp", listener: "s2s", fallback: 5269 },
] as const;

/** Addresses and SRV records of each host. */
export async function examineDns(admin: Pick<Examined, "core" | "listeners" | "patient">): Promise<Finding[]> {
  const hosts = Object.keys(admin.core.policy.document.hosts);
  const found = await Promise.all(hosts.map((host) => examineNamesOf(host, admin)));
  return found.flat();
}

/** Those of one host, whether it is served already or not. */
export async function examineNamesOf(
  host: string,
  { listeners, patient }: Pick<Examined, "listeners" | "patient">,
): Promise<Finding[]> {
  const ports = new Map(listeners().map((listener) => [listener.name, listener.port]));
  const name = domainToASCII(host) || host;
  const [addresses, records] = await Promise.all([
    ofAddresses(host, name, patient.dns, patient.addresses()),
    ofRecords(host, name, patient.dns, ports),
  ]);
  return [addresses, ...records];
}

async function ofAddresses(host: string, name: string, dns: DnsResolver, own: readonly string[]): Promise<Finding> {
  const addresses = await addressesOf(dns, name);
  if (addresses instanceof Error)
    return finding("dns", host, "dns-failed", { name, reason: reasonOf(addresses) }, "warning", `A, AAAA ${name}`);
  // Records with addresses of a network of one's own help nobody outside.
  const here = own.filter((address) => reachOf(address)?.kind !== "private");
  const evidence = `${name}: ${addresses.join(", ") || "no A or AAAA record"}`;
  const values = { host, addresses: addresses.join(", "), own: here.join(", ") };
  if (addresses.length === 0)
    return finding(
      "dns",
      host,
      here.length === 0 ? "address-missing-inside" : "address-missing",
      values,
      "error",
      evidence,
    );
  if (addresses.some((address) => own.includes(address)))
    return finding("dns", host, "address-found", values, "ok", evidence);
  const code = here.length === 0 ? "address-elsewhere-inside" : "address-elsewhere";
  return finding("dns", host, code, values, "note", evidence);
}

/** Of the listeners that this server has. */
async function ofRecords(
  host: string,
  domain: string,
  dns: DnsResolver,
  ports: ReadonlyMap<string, number>,
): Promise<Finding[]> {
  const found = await Promise.all(
    services.map(async ({ label, listener, fallback }): Promise<Finding[]> => {
      const own = ports.get(listener);
      if (own === undefined) return [];
      const name = `${label}.${domain}`;
      const records = await dns.resolveSrv(name).catch((error: unknown) => (isAbsent(error) ? [] : asError(error)));
      if (records instanceof Error)
        return [finding("dns", host, "dns-failed", { name, reason: reasonOf(records) }, "warning", `SRV ${name}`)];
      if (records.length === 0) return [missing(host, name, domain, own, fallback)];
      return Promise.all(records.map((record) => ofRecord(host, name, record, own, dns)));
    }),
  );
  return found.flat();
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

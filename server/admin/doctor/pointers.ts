import { domainToASCII } from "node:url";
import type { Finding } from "../../../lib/contracts/doctor.ts";
import { reachOf } from "../../core/public-address.ts";
import { addressesOf } from "./dns.ts";
import { type DnsResolver, type Examined, finding, isAbsent, reasonOf } from "./parts.ts";

/** Whether the addresses of each host lead back to a name that leads to them (RFC 1912 2.1). */
export async function examinePointers({
  core,
  patient: { dns },
}: Pick<Examined, "core" | "patient">): Promise<Finding[]> {
  const found: Finding[] = [];
  const seen = new Set<string>();
  for (const host of Object.keys(core.policy.document.hosts)) {
    const addresses = await addressesOf(dns, domainToASCII(host) || host);
    // What cannot be looked up is told with the addresses.
    if (addresses instanceof Error) continue;
    for (const address of addresses) {
      if (seen.has(address) || reachOf(address)?.kind === "private") continue;
      seen.add(address);
      found.push(await ofAddress(host, address, dns));
    }
  }
  return found;
}

async function ofAddress(host: string, address: string, dns: DnsResolver): Promise<Finding> {
  const names = await dns.reverse(address).catch((error: unknown) => (isAbsent(error) ? [] : reasonOf(error)));
  if (typeof names === "string")
    return finding("dns", host, "dns-failed", { name: address, reason: names }, "warning", `PTR ${address}`);
  const [name] = names;
  const evidence = `PTR ${address}: ${names.join(", ") || "no record"}`;
  if (name === undefined) return finding("dns", host, "pointer-missing", { address, host }, "note", evidence);
  const back = await addressesOf(dns, name);
  const values = { address, host, name };
  return !(back instanceof Error) && back.includes(address)
    ? finding("dns", host, "pointer-found", values, "ok", evidence)
    : finding("dns", host, "pointer-astray", values, "note", evidence);
}

import type { Finding } from "../../../lib/contracts/doctor.ts";
import { type Examined, finding } from "./parts.ts";

const dayMs = 86_400_000;
const warnDays = 14;
const alarmDays = 3;

/** What each host and the services below it show. */
export async function examineCertificates({ core, certificates }: Examined): Promise<Finding[]> {
  const now = core.clock.now();
  const found: Finding[] = [];
  for (const host of Object.keys(core.policy.document.hosts)) {
    const facts = certificates.describe(host);
    if (facts === null) {
      found.push(finding("certificates", host, "certificate-missing", { host }, "error"));
      continue;
    }
    const evidence = `${facts.subject}, issued by ${facts.issuer}, SHA-256 ${facts.fingerprint256}`;
    const days = Math.floor((facts.notAfter - now) / dayMs);
    const values = { host, days: String(days), chain: facts.chain };
    const before = found.length;
    if (facts.notAfter <= now)
      found.push(finding("certificates", host, "certificate-expired", values, "error", evidence));
    else if (facts.isSelfSigned)
      found.push(finding("certificates", host, "certificate-self-signed", values, "warning", evidence));
    else if (days <= warnDays) {
      const state = days <= alarmDays ? "error" : "warning";
      found.push(finding("certificates", host, "certificate-expiring", values, state, evidence));
    }
    if (!facts.isSelfSigned && facts.chain !== "complete")
      found.push(finding("certificates", host, "certificate-chain", values, "warning", evidence));
    if (!facts.covers) {
      const missing = { ...values, name: host };
      found.push(finding("certificates", host, "certificate-not-covering", missing, "error", evidence));
    }
    const served = core.hosts.get(host);
    for (const { name } of served === undefined ? [] : core.hosts.servicesOf(served))
      if (!certificates.covers(host, name)) {
        const missing = { ...values, name };
        found.push(finding("certificates", host, "certificate-not-covering", missing, "note", evidence));
      }
    if (found.length === before) found.push(finding("certificates", host, "certificate-good", values, "ok", evidence));
  }
  return found;
}

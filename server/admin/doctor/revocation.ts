import type { Finding } from "../../../lib/contracts/doctor.ts";
import { RevocationError } from "../../operations/certificates/revocation-error.ts";
import { askRevocation, responderOf, wantsStapling } from "../../operations/certificates/revocation.ts";
import { type Examined, finding } from "./parts.ts";

interface RevocationParts {
  readonly core: Pick<Examined["core"], "policy" | "clock">;
  readonly certificates: Pick<Examined["certificates"], "chainOf">;
}

/** What the authorities of the certificates say of them (RFC 6960). */
export async function examineRevocation({ core, certificates }: RevocationParts): Promise<Finding[]> {
  const hosts = Object.keys(core.policy.document.hosts);
  const found = await Promise.all(hosts.map((host) => ofHost(host, certificates.chainOf(host), core.clock.now())));
  return found.flat();
}

async function ofHost(
  host: string,
  chain: ReturnType<Examined["certificates"]["chainOf"]>,
  now: number,
): Promise<Finding[]> {
  const [certificate, issuer] = chain;
  if (certificate === undefined) return [];
  const found: Finding[] = [];
  if (wantsStapling(certificate))
    found.push(finding("certificates", host, "certificate-must-staple", { host }, "error", "1.3.6.1.5.5.7.1.24"));
  const responder = responderOf(certificate);
  if (responder === null || issuer === undefined) return found;
  const evidence = `${responder}, ${certificate.serialNumber}`;
  try {
    const answer = await askRevocation(responder, certificate, issuer, now);
    if (answer === "good")
      found.push(finding("certificates", host, "certificate-not-revoked", { host }, "ok", evidence));
    else found.push(finding("certificates", host, "certificate-revoked", { host }, "error", `${evidence}: ${answer}`));
  } catch (error) {
    if (!(error instanceof RevocationError)) throw error;
    const values = { host, reason: error.message };
    found.push(finding("certificates", host, "revocation-unknown", values, "note", evidence));
  }
  return found;
}

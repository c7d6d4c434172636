import type { Core } from "../../core/core.ts";
import type { Secrets } from "../../core/secrets.ts";
import { Certificates } from "../../net/certificates.ts";
import { CertificateKeeper } from "./keeper.ts";
import { CertificateOrders } from "./orders.ts";

/** For tests: certificates in memory for the hosts of a core, and orders whose challenges nobody answers. */
export async function testCertificates(
  { stores, clock, log, policy }: Core,
  secrets: Secrets,
): Promise<{ readonly keeper: CertificateKeeper; readonly orders: CertificateOrders; close(): void }> {
  const certificates = await Certificates.open({ directory: null, files: [], now: clock.now });
  await certificates.ensure(Object.keys(policy.document.hosts));
  const keeper = await CertificateKeeper.open({ certificates, stores, secrets, clock, log });
  const nobody = { http: () => () => {}, tls: () => () => {} };
  const orders = new CertificateOrders({ keeper, challenges: nobody, stores, policy, secrets, clock, log });
  return { keeper, orders, close: () => certificates.close() };
}

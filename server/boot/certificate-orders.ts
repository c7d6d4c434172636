import type { Core } from "../core/core.ts";
import type { Secrets } from "../core/secrets.ts";
import type { AddressLimits } from "../net/address-limits.ts";
import type { Certificates } from "../net/certificates.ts";
import { HttpChallenges } from "../net/http/acme-challenges.ts";
import { HttpFront } from "../net/http/front.ts";
import { Listener } from "../net/listener.ts";
import { TlsChallenges } from "../net/tls-challenges.ts";
import { CertificateKeeper } from "../operations/certificates/keeper.ts";
import { CertificateOrders } from "../operations/certificates/orders.ts";

/** Certificates that are kept in the store or ordered, and where an authority looks when one is. */
export interface CertificateCare {
  readonly keeper: CertificateKeeper;
  readonly orders: CertificateOrders;
  readonly http: HttpChallenges;
  readonly tls: TlsChallenges;
}

export async function careForCertificates(
  { stores, policy, clock, log }: Core,
  secrets: Secrets,
  certificates: Certificates,
): Promise<CertificateCare> {
  const http = new HttpChallenges();
  const tls = new TlsChallenges();
  const keeper = await CertificateKeeper.open({ certificates, stores, secrets, clock, log });
  const challenges = {
    http: (token: string, proof: string) => http.add(token, proof),
    tls: (name: string, cert: Buffer, key: Buffer) => tls.add(name, cert, key),
  };
  return {
    keeper,
    orders: new CertificateOrders({ keeper, challenges, stores, policy, secrets, clock, log }),
    http,
    tls,
  };
}

/** Listens for HTTP-01 challenges where the HTTP listener has another port; everything else is sent to HTTPS. Throws ListenerError. */
export async function openChallengePort(
  { http }: CertificateCare,
  options: {
    readonly address: string;
    readonly port: number;
    readonly limits: AddressLimits;
    readonly isKnownHost: (name: string) => boolean;
    readonly failed: (error: Error) => void;
  },
): Promise<{ readonly listener: Listener; close(): Promise<void> } | null> {
  const { address, port, limits, isKnownHost, failed } = options;
  if (port === 0) return null;
  const front = new HttpFront({
    plain: "redirect",
    tlsOptions: () => undefined,
    isKnownHost,
    onError: (error) => failed(error instanceof Error ? error : new Error(String(error))),
    routes: [http.route],
  });
  const listener = await Listener.open({ name: "acme", address, port, limits, accept: front.accept, failed });
  return {
    listener,
    async close() {
      await Promise.all([listener.close(), front.close(0)]);
    },
  };
}

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AddressLimits } from "../../net/address-limits.ts";
import { Certificates } from "../../net/certificates.ts";
import { Listener } from "../../net/listener.ts";
import type { Authority } from "../../net/testing-certificates.ts";
import { testServerCertificate } from "../../net/testing-certificates.ts";
import { type TestServer, testServer, type TestServerOptions } from "../testing.ts";
import { LinkFault } from "./fault.ts";
import type { Way } from "./resolver.ts";
import { ServerService } from "./server-service.ts";
import { ServerTls } from "./server-tls.ts";

/** Where the servers of domains are. */
export type TestWays = Map<string, readonly Way[]>;

export interface FederatedOptions extends TestServerOptions {
  /** Its domain is the first host. */
  readonly ways: TestWays;
  /** Who vouches for other servers, PEM; left out: nobody does. */
  readonly serverCa?: string;
  /** Makes a certificate with these names instead of a self-signed one. */
  readonly certificate?: { readonly authority: Authority; readonly names: readonly string[] };
  /** Others find it by direct TLS (XEP-0368). */
  readonly isDirectTls?: boolean;
  readonly maxUnproved?: number;
  /** Looks up other servers in another way than in `ways`. */
  readonly resolve?: (domain: string) => Promise<readonly Way[]>;
}

/** A {@link testServer} that talks to other servers over loopback, as `s2s_access` of its policy allows. */
export interface FederatedServer extends TestServer {
  readonly port: number;
  readonly service: ServerService;
  /** Nobody can connect any more, and what is connected dies. */
  vanish(): Promise<void>;
}

const patience = { loginMs: 30_000, negotiationMs: 5_000 };

/** Starts a server and enters the ways to its hosts, and to the services below them. */
export async function federatedServer(options: FederatedOptions): Promise<FederatedServer> {
  const { ways, certificate, serverCa, isDirectTls = false } = options;
  const server = await testServer({
    ...options,
    policy: (draft) => {
      draft.accessRules["s2s_access"] = [{ allow: ["all"] }];
      options.policy?.(draft);
    },
  });
  const { core } = server;
  const folder = await mkdtemp(join(tmpdir(), "nightpost-s2s-"));
  const files = [];
  if (certificate !== undefined) {
    const { cert, key } = testServerCertificate(certificate.authority, certificate.names);
    files.push({
      hosts: [...core.hosts.all()].map(({ name }) => name),
      cert: join(folder, "cert"),
      key: join(folder, "key"),
    });
    await Promise.all([writeFile(join(folder, "cert"), cert), writeFile(join(folder, "key"), key)]);
  }
  const certificates = await Certificates.open({ directory: null, files, serverCa: serverCa ?? null });
  await certificates.ensure([...core.hosts.all()].map(({ name }) => name));
  const tls = new ServerTls(certificates, core.hosts);
  const known = (domain: string): Promise<readonly Way[]> => {
    const found = ways.get(domain);
    if (found === undefined) return Promise.reject(new LinkFault("not-found", `there is no ${domain}`));
    return Promise.resolve(found);
  };
  const resolver = { resolve: options.resolve ?? known };
  core.links.open({ resolver, tls, negotiationMs: patience.negotiationMs });
  const service = new ServerService(core, tls, { loginMs: patience.loginMs, maxUnproved: options.maxUnproved ?? 100 });
  const listener = await Listener.open({
    name: "s2s",
    address: "127.0.0.1",
    port: 0,
    limits: new AddressLimits({ maxPerAddress: 100, newPerSecond: 100 }),
    accept: isDirectTls ? service.acceptTls : service.accept,
  });
  const { port } = listener;
  for (const host of core.hosts.all()) {
    const domains = [host.name, ...core.hosts.servicesOf(host).map(({ name }) => name)];
    for (const domain of domains) ways.set(domain, [{ host: domain, port, isDirectTls, addresses: ["127.0.0.1"] }]);
  }
  const vanish = async (): Promise<void> => {
    await listener.close();
    for (const [stream] of [...core.links.incoming()]) stream.destroy("gone");
    for (const { stream } of core.links.outgoing()) stream?.destroy("gone");
  };
  return {
    ...server,
    port,
    service,
    vanish,
    async stop() {
      await Promise.all([listener.close(), service.drain()]);
      certificates.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

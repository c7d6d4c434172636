import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startNames, type TestNames, type TestRecords } from "../../server/core/remote/testing-dns.ts";
import { type Authority, testAuthority, testServerCertificate } from "../../server/net/testing-certificates.ts";

/** A server of some domain, in a process of its own, with rooms at `conference.` below it. */
export interface Neighbour {
  readonly name: string;
  readonly domain: string;
  readonly c2sPort: number;
  /** Whether its clients have to use TLS. */
  readonly tls: "none" | "starttls";
  register(user: string, password: string): Promise<void>;
  output(): string;
  stop(): Promise<void>;
}

/** What servers that are to find each other share: names, and somebody who vouches for them. */
export interface Neighbourhood {
  readonly dns: TestNames;
  readonly authority: Authority;
  /** PEM file with the authority's certificate. */
  readonly caFile: string;
  /** For files of servers; goes with the neighbourhood. */
  readonly folder: string;
  /** Enters the domain and its rooms into the DNS. */
  announce(domain: string, port: number): void;
  /** Writes a certificate for the domain and what is below it: PEM files with the certificate, the key, and both. */
  certify(domain: string): { readonly cert: string; readonly key: string; readonly both: string };
  close(): Promise<void>;
}

export async function neighbourhood(): Promise<Neighbourhood> {
  const folder = mkdtempSync(join(tmpdir(), "nightpost-federation-"));
  const authority = testAuthority();
  // ejabberd asks the system for addresses, whichever name server it was told.
  const dns = await startNames(new Map<string, TestRecords>([["localhost", { addresses: ["127.0.0.1"] }]]));
  const caFile = join(folder, "ca.pem");
  writeFileSync(caFile, authority.cert);
  return {
    dns,
    authority,
    caFile,
    folder,
    announce(domain, port) {
      for (const name of [domain, `conference.${domain}`])
        dns.names.set(`_xmpp-server._tcp.${name}`, { services: [{ name: "localhost", port }] });
    },
    certify(domain) {
      const { cert, key } = testServerCertificate(authority, [domain, `*.${domain}`]);
      const files = {
        cert: join(folder, `${domain}.crt`),
        key: join(folder, `${domain}.key`),
        both: join(folder, `${domain}.pem`),
      };
      writeFileSync(files.cert, cert);
      writeFileSync(files.key, key);
      writeFileSync(files.both, `${key}${cert}${authority.cert}`);
      return files;
    },
    async close() {
      await dns.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

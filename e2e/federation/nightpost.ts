import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../support/ports.ts";
import { TestServer } from "../support/server.ts";
import type { Neighbour, Neighbourhood } from "./neighbour.ts";

/** A Nightpost that talks to everybody. */
export async function nightpost(
  around: Neighbourhood,
  domain: string,
  options: {
    readonly isCertified?: boolean;
    readonly console?: boolean;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Neighbour & { readonly server: TestServer }> {
  const port = await freePort();
  const config = join(around.folder, `${domain}.yml`);
  const { cert, key } = around.certify(domain);
  const certificates = options.isCertified === false ? [] : [{ cert, key }];
  const s2s = {
    ca: around.caFile,
    resolver: [around.dns.server],
    privateNetworks: ["127.0.0.0/8"],
  };
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ s2s, certificates }));
  const server = await TestServer.start({
    console: options.console === true,
    env: { NIGHTPOST_CONFIG: config, NIGHTPOST_HOSTS: domain, NIGHTPOST_S2S_PORT: String(port), ...options.env },
  });
  await server.api.policy.setAccessRule({ name: "s2s_access", lines: [{ allow: ["all"] }] });
  around.announce(domain, port);
  return {
    name: "Nightpost",
    domain,
    server,
    c2sPort: server.c2sPort,
    tls: "none",
    register: (user, password) => server.register(user, password, domain),
    output: () => server.output,
    async stop() {
      await server.stop();
    },
  };
}

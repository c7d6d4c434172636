import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { selfSignedPair } from "../../server/net/self-signed.ts";
import { accepts, freePort, until } from "../support/ports.ts";

/** A certificate authority on loopback (Debian's pebble), with a DNS in which every name is this machine. */
export class Pebble {
  /** A name that it has no certificate for. */
  static readonly refused = "refused.example";
  readonly directory: string;
  /** File with the certificate that its own HTTPS is to be trusted by. */
  readonly trust: string;
  readonly #data: string;
  readonly #ports: readonly number[];
  readonly #processes: ChildProcess[] = [];

  private constructor(data: string, ports: readonly number[]) {
    this.#data = data;
    this.#ports = ports;
    this.directory = `https://localhost:${ports[0]}/dir`;
    this.trust = join(data, "localhost.pem");
  }

  /** Reserves its ports and makes its certificate. */
  static async prepare(): Promise<Pebble> {
    const data = mkdtempSync(join(tmpdir(), "nightpost-pebble-"));
    await selfSignedPair("localhost", data, Date.now());
    const ports = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
    return new Pebble(data, ports);
  }

  /** Validates over HTTP and TLS at these ports. */
  async start(httpPort: number, tlsPort: number): Promise<void> {
    const [acme, management, dns, dnsManagement] = this.#ports;
    const config = join(this.#data, "pebble.json");
    const pebble = {
      listenAddress: `127.0.0.1:${acme}`,
      managementListenAddress: `127.0.0.1:${management}`,
      certificate: this.trust,
      privateKey: this.trust,
      httpPort,
      tlsPort,
      ocspResponderURL: "",
      externalAccountBindingRequired: false,
      domainBlocklist: [Pebble.refused],
    };
    writeFileSync(config, JSON.stringify({ pebble }));
    this.#spawn("pebble-challtestsrv", [
      ...["-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-dns01", `127.0.0.1:${dns}`],
      ...["-http01", "", "-https01", "", "-tlsalpn01", "", "-management", `127.0.0.1:${dnsManagement}`],
    ]);
    this.#spawn("pebble", ["-config", config, "-dnsserver", `127.0.0.1:${dns}`]);
    for (const port of [acme, dns]) await until(() => accepts(port!), `port ${port} answers`);
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#processes.splice(0).map(async (child) => {
        if (child.exitCode !== null) return;
        const ended = once(child, "exit");
        child.kill();
        await ended;
      }),
    );
    rmSync(this.#data, { recursive: true, force: true });
  }

  #spawn(command: string, args: readonly string[]): void {
    const env = { ...process.env, PEBBLE_VA_ALWAYS_VALID: "0", PEBBLE_VA_NOSLEEP: "1" };
    this.#processes.push(spawn(command, args, { stdio: "ignore", env }));
  }
}

import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { AddressLimits } from "../net/address-limits.ts";
import { Certificates } from "../net/certificates.ts";
import { Listener } from "../net/listener.ts";
import { RawClient } from "../net/testing.ts";
import { Jid } from "../xmpp/jid.ts";
import { type ClientSettings, ClientService } from "./client-service.ts";
import { type TestServer, testServer, type TestServerOptions } from "./testing.ts";
import { LoginThrottle } from "./throttle.ts";

const defaults: ClientSettings = {
  starttls: "required",
  plainWithoutTls: false,
  loginMs: 30_000,
  maxUnauthenticated: 1_000,
};

export interface StreamTestOptions extends TestServerOptions {
  readonly settings?: Partial<ClientSettings>;
  /** Who vouches for certificates of clients, PEM. */
  readonly clientCa?: string;
  /** Accounts with passwords, by bare JID; their hosts are added. */
  readonly passwords?: Readonly<Record<string, string>>;
}

/** A {@link testServer} that real clients can connect to, on loopback and free ports. */
export interface StreamTestServer extends TestServer {
  readonly clients: ClientService;
  readonly certificates: Certificates;
  readonly port: number;
  readonly tlsPort: number;
}

export async function streamTestServer(options: StreamTestOptions): Promise<StreamTestServer> {
  const hosts = Object.keys(options.passwords ?? {}).map((jid) => Jid.parse(jid).domain);
  const server = await testServer({ ...options, hosts: [...(options.hosts ?? []), ...hosts] });
  for (const [jid, password] of Object.entries(options.passwords ?? {})) {
    await server.core.accounts.create({ user: Jid.parse(jid), password, via: "cli" });
  }
  const certificates = await Certificates.open({ directory: null, files: [], clientCa: options.clientCa ?? null });
  const settings = { ...defaults, ...options.settings };
  const clients = await ClientService.start(server.core, certificates, new LoginThrottle(server.clock), settings);
  const limits = new AddressLimits({ maxPerAddress: 100, newPerSecond: 20 });
  const where = { address: "127.0.0.1", port: 0, limits };
  const listener = await Listener.open({ ...where, name: "c2s", accept: clients.accept });
  const tlsListener = await Listener.open({ ...where, name: "c2s with TLS", accept: clients.acceptTls });
  return {
    ...server,
    clients,
    certificates,
    port: listener.port,
    tlsPort: tlsListener.port,
    async stop() {
      await Promise.all([listener.close(), tlsListener.close(), clients.drain()]);
      certificates.close();
      await server.stop();
    },
  };
}

export function header(to: string): string {
  return `<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${to}' version='1.0'>`;
}

/** Opens a stream and waits for its features. */
export async function openStream(client: RawClient, to: string): Promise<string> {
  client.send(header(to));
  return client.until(/<\/stream:features>|<stream:features\/>/);
}

/** Connects, upgrades and opens the stream inside; returns the client and the features on offer there. */
export async function openSecureStream(port: number, to: string): Promise<{ client: RawClient; features: string }> {
  const client = await RawClient.connect(port);
  await openStream(client, to);
  client.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  await client.until("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  await client.startTls({ servername: to });
  return { client, features: await openStream(client, to) };
}

/** The first message of a SCRAM exchange, and how to answer the challenge. An attacker's choices come in as options. */
export function scramClient(
  user: string,
  password: string,
  options: { gs2Header?: string; binding?: Buffer; hash?: string; nonce?: string } = {},
): { first: string; final(challenge: string): { message: string; signature: string } } {
  const { gs2Header = "n,,", binding = Buffer.alloc(0), hash = "sha256" } = options;
  const nonce = options.nonce ?? randomBytes(12).toString("base64");
  const bare = `n=${user},r=${nonce}`;
  const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();
  return {
    first: gs2Header + bare,
    final(challenge) {
      const [, full = "", salt = "", iterations = ""] =
        /^r=([^,]+),s=([^,]+),i=(\d+)(?:,h=[A-Za-z0-9+/=]+)?$/.exec(challenge) ?? [];
      const { length } = createHash(hash).digest();
      const salted = pbkdf2Sync(password, Buffer.from(salt, "base64"), Number(iterations), length, hash);
      const clientKey = hmac(salted, "Client Key");
      const withoutProof = `c=${Buffer.concat([Buffer.from(gs2Header), binding]).toString("base64")},r=${full}`;
      const authMessage = `${bare},${challenge},${withoutProof}`;
      const storedKey = createHash(hash).update(clientKey).digest();
      const proof = hmac(storedKey, authMessage).map((byte, index) => byte ^ clientKey[index]!);
      return {
        message: `${withoutProof},p=${Buffer.from(proof).toString("base64")}`,
        signature: `v=${hmac(hmac(salted, "Server Key"), authMessage).toString("base64")}`,
      };
    },
  };
}

export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

export function plainAuth(authzid: string, user: string, password: string): string {
  const message = base64(`${authzid}\0${user}\0${password}`);
  return `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${message}</auth>`;
}

/** Logs in with PLAIN on an open stream and binds a resource; returns the full JID. */
export async function login(client: RawClient, jid: string, password: string): Promise<string> {
  const { local, domain, resource } = Jid.parse(jid);
  client.send(plainAuth("", local, password));
  await client.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
  await openStream(client, domain);
  const wanted = resource === "" ? "" : `<resource>${resource}</resource>`;
  client.send(`<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>${wanted}</bind></iq>`);
  const answer = await client.until("</iq>");
  return /<jid>([^<]+)<\/jid>/.exec(answer)?.[1] ?? answer;
}

import type { X509Certificate } from "node:crypto";
import { type FSWatcher, watch } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { SecureContext } from "node:tls";
import { domainToASCII } from "node:url";
import type { ChainState } from "./certificate-chain.ts";
import { type CertificatePair, pairFrom } from "./certificate-pair.ts";
import type { TlsServerOptions } from "./connection.ts";
import { selfSignedPair } from "./self-signed.ts";

export interface CertificateFile {
  /** Virtual hosts it is for: names or `*.example.org`. Empty: those it names itself. */
  readonly hosts: readonly string[];
  /** PEM, with the chain. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

/** What people want to know about a host's certificate. Times in milliseconds. */
export interface CertificateFacts {
  readonly subject: string;
  readonly names: readonly string[];
  readonly notBefore: number;
  readonly notAfter: number;
  readonly isSelfSigned: boolean;
  /** Whether it is valid for the host that was asked about. */
  readonly covers: boolean;
  readonly fingerprint256: string;
  readonly issuer: string;
  readonly keyType: string;
  readonly chain: ChainState;
  /** `file`: named in the configuration; `managed`: given by `install`; `own`: self-signed. */
  readonly source: "file" | "managed" | "own";
}

/** A certificate that cannot be used; the message names the file and is one clear sentence. */
export class CertificateError extends Error {
  override readonly name = "CertificateError";
}

export interface CertificateOptions {
  /** Directory for generated certificates; made when needed. null: keep them in memory. */
  readonly directory: string | null;
  readonly files: readonly CertificateFile[];
  /** Who vouches for the certificates of clients, PEM; null, or left out: they are not asked for any. */
  readonly clientCa?: string | null;
  /** Who vouches for the certificates of other servers, PEM; null, or left out: the authorities that Node comes with. */
  readonly serverCa?: string | null;
  readonly now?: () => number;
  /** A changed file was taken over, or could not be: the sentence says which. */
  report?(severity: "info" | "warn", message: string): void;
}

interface Configured {
  readonly file: CertificateFile;
  readonly pair: CertificatePair;
  /** What the files looked like when they were read. */
  readonly stamp: string;
}

const settleMs = 500;
const checkMs = 60_000;

/** The certificate for each host: a configured one, else an installed one, else a self-signed one of our own making. */
export class Certificates {
  readonly #options: CertificateOptions;
  readonly #now: () => number;
  #configured: readonly Configured[];
  readonly #managed = new Map<string, CertificatePair>();
  readonly #own = new Map<string, CertificatePair>();
  readonly #byHost = new Map<string, TlsServerOptions>();
  readonly #forServers = new Map<string, SecureContext>();
  #direct: TlsServerOptions | undefined;
  /** Who is meant when a client names nobody. */
  #first: string | undefined;
  #watchers: FSWatcher[] = [];
  #checks: NodeJS.Timeout | undefined;
  #settling: NodeJS.Timeout | undefined;

  private constructor(options: CertificateOptions, configured: readonly Configured[]) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#configured = configured;
  }

  /** Reads the configured files and watches them from now on. Throws CertificateError. */
  static async open(options: CertificateOptions): Promise<Certificates> {
    const configured: Configured[] = [];
    for (const file of options.files) configured.push(await read(file, options.clientCa));
    const certificates = new Certificates(options, configured);
    certificates.#watch();
    return certificates;
  }

  /**
   * Makes sure that each host has a certificate; generates, or renews, what is missing. The first one also speaks for
   * the server when a client names no host.
   */
  async ensure(hosts: readonly string[]): Promise<void> {
    this.#first = hosts[0] ?? this.#first;
    for (const host of hosts) {
      if (this.#configuredFor(host) === undefined && !this.#managed.has(host)) await this.#makeOwn(host);
    }
    this.#forgetOptions();
  }

  /**
   * What a TLS server needs to speak for a host; without a host, for whichever the client names (SNI). undefined: there is no certificate.
   */
  serverOptions(host: string | undefined): TlsServerOptions | undefined {
    if (host === undefined) return (this.#direct ??= this.#directOptions());
    let options = this.#byHost.get(host);
    if (options === undefined) {
      const pair = this.#pairFor(host);
      if (pair === undefined) return undefined;
      options = { secureContext: pair.context };
      this.#byHost.set(host, options);
    }
    return options;
  }

  /** What TLS with other servers needs, in either role, to speak for a domain. undefined: there is no certificate for it. */
  serverContext(domain: string): SecureContext | undefined {
    const known = this.#forServers.get(domain);
    if (known !== undefined) return known;
    const context = this.#pairFor(domain)?.contextWith(this.#options.serverCa ?? null);
    if (context !== undefined) this.#forServers.set(domain, context);
    return context;
  }

  /** Whether clients are asked for a certificate of their own (RFC 6120 6.3.4). */
  get asksClients(): boolean {
    return (this.#options.clientCa ?? null) !== null;
  }

  describe(host: string): CertificateFacts | null {
    const pair = this.#pairFor(host);
    if (pair === undefined) return null;
    const source = this.#configuredFor(host) === pair ? "file" : this.#own.get(host) === pair ? "own" : "managed";
    return { ...factsOf(pair, host), source };
  }

  /** What a host shows, and behind it whoever vouches for it. Empty: nothing. */
  chainOf(host: string): readonly X509Certificate[] {
    return this.#pairFor(host)?.certificates ?? [];
  }

  /** Whether what a host shows is valid for another name, such as that of a service below it. */
  covers(host: string, name: string): boolean {
    return this.#pairFor(host)?.covers(ascii(name)) ?? false;
  }

  /** What `describe` would say of this chain and key for a host. Throws CertificateError. */
  preview(host: string, chain: string, key: string): CertificateFacts {
    return { ...factsOf(readPair(chain, key, this.#options.clientCa), host), source: "managed" };
  }

  /** Shows this to whoever connects to the host from now on; connections that are there keep theirs. Throws CertificateError. */
  install(host: string, chain: string, key: string): void {
    this.#managed.set(host, readPair(chain, key, this.#options.clientCa));
    this.#forgetOptions();
  }

  /** The host shows a certificate of our own making again. */
  async uninstall(host: string): Promise<void> {
    this.#managed.delete(host);
    await this.#makeOwn(host);
    this.#forgetOptions();
  }

  /** Makes the self-signed certificate of a host anew, whatever is left of the one before. */
  async renewOwn(host: string): Promise<void> {
    const { directory, clientCa } = this.#options;
    this.#own.set(host, await selfSignedPair(host, directory, this.#now(), clientCa, true));
    this.#forgetOptions();
  }

  /** Reads changed files again. One that is broken is reported, and the old certificate stays. */
  async reload(): Promise<void> {
    const configured: Configured[] = [];
    let isChanged = false;
    for (const old of this.#configured) {
      let current = old;
      try {
        if ((await stampOf(old.file)) !== old.stamp) current = await read(old.file, this.#options.clientCa);
      } catch (error) {
        this.#options.report?.("warn", `${(error as Error).message}; the one before stays in use`);
      }
      if (current !== old) {
        isChanged = true;
        this.#options.report?.("info", `${old.file.cert} is in use, valid until ${current.pair.certificate.validTo}`);
      }
      configured.push(current);
    }
    this.#configured = configured;
    if (isChanged) this.#forgetOptions();
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
    clearInterval(this.#checks);
    clearTimeout(this.#settling);
  }

  async #makeOwn(host: string): Promise<void> {
    const own = this.#own.get(host);
    if (own !== undefined && own.notAfter > this.#now()) return;
    this.#own.set(host, await selfSignedPair(host, this.#options.directory, this.#now(), this.#options.clientCa));
  }

  #forgetOptions(): void {
    this.#byHost.clear();
    this.#forServers.clear();
    this.#direct = undefined;
  }

  #directOptions(): TlsServerOptions | undefined {
    const first = this.#first === undefined ? this.#configured[0]?.pair : this.#pairFor(this.#first);
    if (first === undefined) return undefined;
    if (this.#configured.length + this.#managed.size + this.#own.size === 1) return { secureContext: first.context };
    return {
      secureContext: first.context,
      SNICallback: (name, done) => done(null, this.#pairFor(name.toLowerCase())?.context),
    };
  }

  #pairFor(host: string): CertificatePair | undefined {
    return this.#configuredFor(host) ?? this.#managedFor(host) ?? this.#own.get(host) ?? this.#ownByAscii(host);
  }

  #configuredFor(host: string): CertificatePair | undefined {
    const named = this.#configured.find(({ file }) => file.hosts.some((pattern) => matches(pattern, host)));
    const found =
      named ?? this.#configured.find(({ file, pair }) => file.hosts.length === 0 && pair.covers(ascii(host)));
    return found?.pair;
  }

  // A service below a host shows the host's, if that is valid for it.
  #managedFor(host: string): CertificatePair | undefined {
    const exact = this.#managed.get(host);
    if (exact !== undefined || this.#managed.size === 0) return exact;
    const name = ascii(host);
    for (const [other, pair] of this.#managed) if (ascii(other) === name) return pair;
    if (this.#own.has(host)) return undefined;
    return this.#managed.values().find((pair) => pair.covers(name));
  }

  // SNI carries A-labels; hosts are kept as U-labels (RFC 7622 3.2.1).
  #ownByAscii(name: string): CertificatePair | undefined {
    for (const [host, pair] of this.#own) if (ascii(host) === name) return pair;
    return undefined;
  }

  // Certificates are often links into a directory whose content is replaced, so the directories are watched; and
  // since not every file system tells, the files are looked at once a minute.
  #watch(): void {
    if (this.#configured.length === 0) return;
    const directories = new Set(this.#configured.flatMap(({ file }) => [dirname(file.cert), dirname(file.key)]));
    for (const directory of directories) {
      const watcher = watch(directory, { persistent: false }, () => this.#settle());
      watcher.on("error", () => watcher.close());
      this.#watchers.push(watcher);
    }
    this.#checks = setInterval(() => void this.reload(), checkMs).unref();
  }

  // A pair is two files: both should be there before they are read.
  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.reload(), settleMs).unref();
  }
}

async function read(file: CertificateFile, clientCa: string | null | undefined): Promise<Configured> {
  const stamp = await stampOf(file);
  const [cert, key] = await Promise.all([text(file.cert), text(file.key)]);
  try {
    return { file, stamp, pair: pairFrom(cert, key, clientCa) };
  } catch (error) {
    throw new CertificateError(`${file.cert} with ${file.key} cannot be used: ${(error as Error).message}`);
  }
}

async function text(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new CertificateError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

async function stampOf({ cert, key }: CertificateFile): Promise<string> {
  try {
    const stats = await Promise.all([stat(cert), stat(key)]);
    return stats.map(({ ino, mtimeMs, size }) => `${ino} ${mtimeMs} ${size}`).join(" ");
  } catch (error) {
    throw new CertificateError(`${cert} or ${key} cannot be read: ${(error as Error).message}`);
  }
}

function readPair(chain: string, key: string, clientCa: string | null | undefined): CertificatePair {
  try {
    return pairFrom(chain, key, clientCa);
  } catch (error) {
    throw new CertificateError(reasonOf(error));
  }
}

// What OpenSSL says of the two mistakes that people make is for nobody.
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/key values mismatch/i.test(text)) return "the key does not belong to the certificate";
  if (/bad decrypt|interrupted or cancelled|empty password/i.test(text)) return "the key is protected by a passphrase";
  if (/no start line|PEM|asn1|DECODER/i.test(text)) return "the certificate or the key is not PEM text";
  return text;
}

function factsOf(pair: CertificatePair, host: string): Omit<CertificateFacts, "source"> {
  const { subject, names, notBefore, notAfter, isSelfSigned, certificate, issuer, keyType } = pair;
  return {
    subject,
    names,
    notBefore,
    notAfter,
    isSelfSigned,
    issuer,
    keyType,
    covers: pair.covers(ascii(host)),
    fingerprint256: certificate.fingerprint256,
    chain: pair.chain(),
  };
}

function matches(pattern: string, host: string): boolean {
  if (!pattern.startsWith("*.")) return pattern === host;
  const dot = host.indexOf(".");
  return dot > 0 && host.slice(dot) === pattern.slice(1);
}

function ascii(host: string): string {
  return domainToASCII(host) || host;
}

import { type FSWatcher, watch } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { domainToASCII } from "node:url";
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

/** The certificate for each host: a configured one, else a self-signed one of our own making. */
export class Certificates {
  readonly #options: CertificateOptions;
  readonly #now: () => number;
  #configured: readonly Configured[];
  readonly #own = new Map<string, CertificatePair>();
  readonly #byHost = new Map<string, TlsServerOptions>();
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
      if (this.#configuredFor(host) !== undefined) continue;
      const own = this.#own.get(host);
      if (own !== undefined && own.notAfter > this.#now()) continue;
      this.#own.set(host, await selfSignedPair(host, this.#options.directory, this.#now(), this.#options.clientCa));
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

  /** Whether clients are asked for a certificate of their own (RFC 6120 6.3.4). */
  get asksClients(): boolean {
    return (this.#options.clientCa ?? null) !== null;
  }

  describe(host: string): CertificateFacts | null {
    const pair = this.#pairFor(host);
    if (pair === undefined) return null;
    const { subject, names, notBefore, notAfter, isSelfSigned, certificate } = pair;
    const { fingerprint256 } = certificate;
    return { subject, names, notBefore, notAfter, isSelfSigned, covers: pair.covers(ascii(host)), fingerprint256 };
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

  #forgetOptions(): void {
    this.#byHost.clear();
    this.#direct = undefined;
  }

  #directOptions(): TlsServerOptions | undefined {
    const first = this.#first === undefined ? this.#configured[0]?.pair : this.#pairFor(this.#first);
    if (first === undefined) return undefined;
    if (this.#configured.length + this.#own.size === 1) return { secureContext: first.context };
    return {
      secureContext: first.context,
      SNICallback: (name, done) => done(null, this.#pairFor(name.toLowerCase())?.context),
    };
  }

  #pairFor(host: string): CertificatePair | undefined {
    return this.#configuredFor(host) ?? this.#own.get(host) ?? this.#ownByAscii(host);
  }

  #configuredFor(host: string): CertificatePair | undefined {
    const named = this.#configured.find(({ file }) => file.hosts.some((pattern) => matches(pattern, host)));
    const found =
      named ?? this.#configured.find(({ file, pair }) => file.hosts.length === 0 && pair.covers(ascii(host)));
    return found?.pair;
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

function matches(pattern: string, host: string): boolean {
  if (!pattern.startsWith("*.")) return pattern === host;
  const dot = host.indexOf(".");
  return dot > 0 && host.slice(dot) === pattern.slice(1);
}

function ascii(host: string): string {
  return domainToASCII(host) || host;
}

import { createPrivateKey, createPublicKey, randomBytes, X509Certificate } from "node:crypto";
import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { Secrets } from "../../core/secrets.ts";
import type { CertificateFacts, Certificates } from "../../net/certificates.ts";
import type { CertificateRow, CertificateUse, Stores } from "../../storage/ports.ts";

/** The closed set of ways in which a certificate is not taken. */
export type CertificateRefusal = "file" | "not-covered" | "expired" | "nothing-before" | "no-key";

export class CertificateRefused extends Error {
  override readonly name = "CertificateRefused";
  readonly code: CertificateRefusal;

  constructor(code: CertificateRefusal, message: string) {
    super(message);
    this.code = code;
  }
}

export interface CertificateKeeperParts {
  readonly certificates: Certificates;
  readonly stores: Pick<Stores, "certificates" | "admin">;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
}

export interface UsedCertificate extends CertificateUse {
  readonly row: CertificateRow | null;
}

const purposeOf = (id: string): string => `certificate ${id}`;
const csrName = (host: string): string => `csr ${host}`;

/** Certificates that admins gave or the server ordered: kept with their keys sealed, and shown by the listeners at once. */
export class CertificateKeeper {
  readonly #parts: CertificateKeeperParts;
  readonly #log: Log;
  readonly #uses = new Map<string, CertificateUse>();
  readonly #listeners = new Set<(host: string) => void>();

  private constructor(parts: CertificateKeeperParts) {
    this.#parts = parts;
    this.#log = parts.log.for("certificates");
  }

  /** Shows what is kept. One that cannot be opened any more is reported, and its host shows one of the server's own. */
  static async open(parts: CertificateKeeperParts): Promise<CertificateKeeper> {
    const keeper = new CertificateKeeper(parts);
    for (const use of await parts.stores.certificates.inUse()) {
      keeper.#uses.set(use.host, use);
      if (use.certificate === null) continue;
      const row = await parts.stores.certificates.find(use.certificate);
      try {
        if (row !== null) keeper.#show(use.host, row);
      } catch (error) {
        keeper.#log.error("a certificate cannot be used", { host: use.host, error: String(error) });
      }
    }
    return keeper;
  }

  /** What a host shows; null: nothing yet. */
  describe(host: string): CertificateFacts | null {
    return this.#parts.certificates.describe(host);
  }

  /** What a host shows, and who vouches for it. Empty: nothing. */
  chainOf(host: string): readonly X509Certificate[] {
    return this.#parts.certificates.chainOf(host);
  }

  covers(host: string, name: string): boolean {
    return this.#parts.certificates.covers(host, name);
  }

  useOf(host: string): CertificateUse | undefined {
    return this.#uses.get(host);
  }

  /** Hears of hosts that show another certificate from now on. */
  onChange(listener: (host: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What a host would show. Throws CertificateError, CertificateRefused. */
  preview(host: string, chain: string, key: string): CertificateFacts {
    if (this.describe(host)?.source === "file")
      throw new CertificateRefused(
        "file",
        `The configuration names the certificate of ${host}; take it out there first.`,
      );
    const facts = this.#parts.certificates.preview(host, chain, key);
    if (!facts.covers) throw new CertificateRefused("not-covered", `The certificate is not valid for ${host}.`);
    if (facts.notAfter <= this.#parts.clock.now())
      throw new CertificateRefused("expired", "The certificate has expired already.");
    return facts;
  }

  /** Keeps a certificate and shows it on these hosts at once. Throws CertificateError, CertificateRefused. */
  async install(
    hosts: readonly string[],
    chain: string,
    key: string,
    by: { readonly source: CertificateRow["source"]; readonly author: string },
  ): Promise<CertificateRow> {
    for (const host of hosts) this.preview(host, chain, key);
    const now = this.#parts.clock.now();
    const id = randomBytes(9).toString("base64url");
    const sealedKey = this.#parts.secrets.seal(key, purposeOf(id));
    const row: CertificateRow = { id, source: by.source, chain, sealedKey, createdAt: now, createdBy: by.author };
    const uses = hosts.map((host) => this.#newUse(host, id, by.author));
    await this.#parts.stores.certificates.install(row, uses);
    for (const use of uses) this.#take(use, { ...row, sealedKey });
    return row;
  }

  /** Shows what the host showed before this. Throws CertificateRefused. */
  async rollBack(host: string, author: string): Promise<void> {
    const { certificates } = this.#parts.stores;
    const [current, before] = await certificates.history(host, 2);
    if (current === undefined)
      throw new CertificateRefused("nothing-before", `${host} has shown no other certificate.`);
    await this.#use(host, before?.certificate ?? null, author);
  }

  /** Shows one of the server's own, made anew. */
  async useOwn(host: string, author: string): Promise<void> {
    if (this.describe(host)?.source === "file")
      throw new CertificateRefused(
        "file",
        `The configuration names the certificate of ${host}; take it out there first.`,
      );
    await this.#parts.certificates.renewOwn(host);
    if (this.#uses.get(host)?.certificate == null) this.#tell(host);
    else await this.#use(host, null, author);
  }

  /** What a host has shown, newest first. */
  async history(host: string, limit: number): Promise<UsedCertificate[]> {
    const { certificates } = this.#parts.stores;
    const uses = await certificates.history(host, limit);
    return Promise.all(
      uses.map(async (use) => ({
        ...use,
        row: use.certificate === null ? null : await certificates.find(use.certificate),
      })),
    );
  }

  /** A request for a certificate (RFC 2986), PEM. Its key stays here, sealed, for the certificate that comes of it. */
  async request(host: string, names: readonly string[]): Promise<string> {
    const { crypto } = await import("acme-client");
    const [key, csr] = await crypto.createCsr(
      { commonName: names[0]!, altNames: [...names] },
      await crypto.createPrivateEcdsaKey(),
    );
    const sealed = this.#parts.secrets.seal(key.toString(), csrName(host));
    await this.#parts.stores.admin.putSecret(csrName(host), sealed);
    return csr.toString();
  }

  /** The key that a request for this host was made with, if the certificate is for it. Throws CertificateRefused. */
  async requestedKey(host: string, chain: string): Promise<string> {
    const sealed = await this.#parts.stores.admin.secret(csrName(host));
    if (sealed !== null) {
      const key = this.#parts.secrets.open(sealed, csrName(host));
      const own = createPublicKey(createPrivateKey(key)).export({ type: "spki", format: "der" });
      if (publicKeyOf(chain)?.equals(own) === true) return key;
    }
    throw new CertificateRefused("no-key", "There is no key for this certificate: give it as well.");
  }

  async #use(host: string, id: string | null, author: string): Promise<void> {
    const { certificates } = this.#parts.stores;
    const row = id === null ? null : await certificates.find(id);
    const use = this.#newUse(host, row === null ? null : id, author);
    if (row === null) await this.#parts.certificates.uninstall(host);
    await certificates.use([use]);
    this.#take(use, row);
  }

  // Two changes within a millisecond still have an order.
  #newUse(host: string, certificate: string | null, author: string): CertificateUse {
    const before = this.#uses.get(host)?.since ?? 0;
    return { host, since: Math.max(this.#parts.clock.now(), before + 1), certificate, author };
  }

  #take(use: CertificateUse, row: CertificateRow | null): void {
    const before = this.describe(use.host)?.fingerprint256;
    this.#uses.set(use.host, use);
    if (row !== null) this.#show(use.host, row);
    const after = this.describe(use.host)?.fingerprint256;
    this.#log.info("a host shows another certificate", { host: use.host, before, after, by: use.author });
    this.#tell(use.host);
  }

  #show(host: string, { id, chain, sealedKey }: CertificateRow): void {
    this.#parts.certificates.install(host, chain, this.#parts.secrets.open(sealedKey, purposeOf(id)));
  }

  #tell(host: string): void {
    for (const listener of this.#listeners) listener(host);
  }
}

function publicKeyOf(chain: string): Buffer | null {
  try {
    return new X509Certificate(chain).publicKey.export({ type: "spki", format: "der" });
  } catch {
    return null;
  }
}

/** A certificate with its key, as it is kept. */
export interface CertificateRow {
  readonly id: string;
  /** `upload`: given by an admin; `acme`: ordered from an authority. */
  readonly source: "upload" | "acme";
  /** PEM: the certificate, then those that vouch for it. */
  readonly chain: string;
  /** PEM of the private key, sealed by the caller. */
  readonly sealedKey: string;
  readonly createdAt: number;
  readonly createdBy: string;
}

/** From when on a host uses a certificate. */
export interface CertificateUse {
  readonly host: string;
  readonly since: number;
  /** Id; null: one that the server made itself. */
  readonly certificate: string | null;
  readonly author: string;
}

/** What happened with an order, in the order in which it did. */
export interface OrderStep {
  readonly at: number;
  readonly step: "account" | "order" | "challenge" | "validation" | "issue" | "installed" | "failed";
  /** Of which name; empty: of all. */
  readonly name: string;
  /** What the authority or the system said. */
  readonly detail: string;
}

export interface OrderRow {
  readonly id: string;
  readonly createdAt: number;
  readonly names: readonly string[];
  readonly state: "running" | "done" | "failed";
  /** Id of what was issued. */
  readonly certificate: string | null;
  readonly steps: readonly OrderStep[];
}

/** Certificates that admins uploaded or the server ordered (RFC 8555), and which host uses which. */
export interface CertificateStore {
  /** Keeps a certificate and lets hosts use it, in one step. */
  install(certificate: CertificateRow, uses: readonly CertificateUse[]): Promise<void>;
  /** Lets hosts use what is kept already, or their own again. */
  use(uses: readonly CertificateUse[]): Promise<void>;
  find(id: string): Promise<CertificateRow | null>;
  /** What each host uses: its newest row. */
  inUse(): Promise<readonly CertificateUse[]>;
  /** What a host has used, newest first. */
  history(host: string, limit: number): Promise<readonly CertificateUse[]>;
  putOrder(order: OrderRow): Promise<void>;
  /** Newest first. */
  orders(limit: number): Promise<readonly OrderRow[]>;
  /** Forgets orders before a time, and certificates that no host has used since. Answers how many. */
  prune(before: number): Promise<number>;
}

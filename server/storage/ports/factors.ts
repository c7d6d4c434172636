/** Something that a console account proves itself with beside its password. */
export interface FactorRow {
  readonly id: string;
  /** Bare JID. */
  readonly jid: string;
  readonly kind: "totp" | "passkey";
  readonly name: string;
  /** The TOTP's secret, or the passkey's public key: sealed by the caller. */
  readonly sealed: string;
  /** A passkey's credential id; null for a TOTP. */
  readonly credential: string | null;
  /** The last time step of a TOTP that was used (RFC 6238 5.2), or a passkey's signature counter. */
  readonly counter: number;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
}

/** Second factors of console accounts. They go with the account. */
export interface Factors {
  /** Oldest first. */
  of(jid: string): Promise<readonly FactorRow[]>;
  byCredential(credential: string): Promise<FactorRow | null>;
  put(factor: FactorRow): Promise<void>;
  /**
   * Moves the counter on: false when it is not above the one that is kept, so that nothing is used twice. A passkey that does
   * not count always says 0, which is then good.
   */
  use(id: string, counter: number, at: number): Promise<boolean>;
  remove(id: string): Promise<boolean>;
  /** All of an account, with its recovery codes. Answers how many factors there were. */
  removeAll(jid: string): Promise<number>;
  /** Hashes of one-time codes, in the place of the earlier ones. */
  setRecoveryCodes(jid: string, hashes: readonly string[]): Promise<void>;
  recoveryCodes(jid: string): Promise<number>;
  /** Uses a code up; false when it is not one of them. */
  useRecoveryCode(jid: string, hash: string): Promise<boolean>;
}

import type { Accounts, Credentials, KeySet, ScramMechanism } from "../storage/ports.ts";
import type { Jid } from "../xmpp/jid.ts";
import { keysFrom, SCRAM_MECHANISMS } from "./credentials.ts";
import type { LoginMark, Revocations } from "./revocations.ts";

const none: readonly ScramMechanism[] = [];

/**
 * Accounts that another server has derived the keys of, and not for every mechanism. The rest of them needs the password: from a
 * client that sends it, or from one that derives them itself (XEP-0480).
 */
export class MissingKeys {
  readonly #accounts: Accounts;
  readonly #revocations: Revocations;
  /** Hosts that have, or had, such accounts, as far as this process has seen: the others are not asked about. */
  readonly #hosts = new Set<string>();

  constructor(accounts: Accounts, revocations: Revocations) {
    this.#accounts = accounts;
    this.#revocations = revocations;
  }

  /** These are the keys of an account of the host. Answers whether some are missing. */
  note(host: string, keys: KeySet): boolean {
    const isMissing = SCRAM_MECHANISMS.some((mechanism) => keys[mechanism] === undefined);
    if (isMissing) this.#hosts.add(host);
    return isMissing;
  }

  mayBeOn(host: string): boolean {
    return this.#hosts.has(host);
  }

  /** Of an account that does not exist: none, as of most of those that do. */
  async of(user: Jid): Promise<readonly ScramMechanism[]> {
    if (!this.mayBeOn(user.domain)) return none;
    const login = await this.#accounts.login(user.domain, user.local);
    return login === null ? none : missingIn(login.credentials);
  }

  /**
   * Keeps the keys that belong to the SaltedPassword (RFC 5802 3) which a client of the account has derived. false: they are not
   * missing any more, or the account was given another password since `mark`.
   */
  async add(
    user: Jid,
    mechanism: ScramMechanism,
    derived: { readonly salt: Buffer; readonly iterations: number; readonly saltedPassword: Buffer },
    mark: LoginMark,
  ): Promise<boolean> {
    const { domain: host, local } = user;
    const before = (await this.#accounts.login(host, local))?.credentials;
    if (before?.kind !== "scram" || !missingIn(before).includes(mechanism)) return false;
    // In this turn, so that a password set later is written later.
    if (this.#revocations.isRevokedSince(user, mark)) return false;
    const keys = { ...before.keys, [mechanism]: keysFrom(mechanism, derived) };
    return this.#accounts.setCredentials(host, local, { kind: "scram", keys });
  }
}

function missingIn(credentials: Credentials): readonly ScramMechanism[] {
  if (credentials.kind === "sealed") return none;
  return SCRAM_MECHANISMS.filter((mechanism) => credentials.keys[mechanism] === undefined);
}

import { randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type {
  AccountSource,
  Credentials,
  KeySet,
  NewAccount,
  ScramKeys,
  ScramMechanism,
  Stores,
  Suspension,
} from "../storage/ports.ts";
import { StreamError } from "../xmpp/errors.ts";
import type { Jid } from "../xmpp/jid.ts";
import type { Clock } from "./clock.ts";
import { isSameText, PasswordHasher, preparePassword } from "./credentials.ts";
import type { HookEvent, HookName } from "./hooks.ts";
import type { Hosts } from "./hosts.ts";
import type { Log } from "./log.ts";
import { MissingKeys } from "./missing-keys.ts";
import type { PolicyState } from "./policy/state.ts";
import { Revocations } from "./revocations.ts";
import { SealedPasswords } from "./sealed-passwords.ts";
import type { Secrets } from "./secrets.ts";
import type { Session } from "./session.ts";
import type { Sessions } from "./sessions.ts";

/**
 * The closed set of ways an account or a password is refused.
 *
 * - `no-such-host`: the domain is not a host of this server.
 * - `bad-name`: not the bare JID of a person.
 * - `bad-password`: empty, longer than 1023 bytes, or with characters that RFC 8265 4.2 does not allow.
 */
export type AccountErrorCode = "no-such-host" | "bad-name" | "bad-password";

export class AccountError extends Error {
  override readonly name = "AccountError";
  readonly code: AccountErrorCode;

  constructor(code: AccountErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export interface AccountDraft {
  readonly user: Jid;
  readonly password: string;
  readonly via: AccountSource;
  /** Where a registration came from. */
  readonly address?: string | null;
}
export interface ImportReport {
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  readonly failed: readonly { readonly jid: string; readonly reason: string }[];
}

const importSlice = 50;
/** A password that so many accounts of one batch have is an initial one: its keys are derived at once, for all of them. */
const sharedFrom = 20;

/** Accounts and their passwords. Throws QueueFullError (derivation-queue.ts) when too many passwords wait to be checked. */
export class AccountService {
  readonly #stores: Stores;
  readonly #policy: PolicyState;
  readonly #hosts: Hosts;
  readonly #sessions: Sessions;
  readonly #clock: Clock;
  readonly #hasher: PasswordHasher;
  readonly #sealed: SealedPasswords;
  /** Every login under way is checked against it before it has its session. */
  readonly revocations = new Revocations();
  readonly missingKeys: MissingKeys;

  constructor(parts: {
    stores: Stores;
    policy: PolicyState;
    secrets: Secrets;
    hosts: Hosts;
    sessions: Sessions;
    log: Log;
    clock: Clock;
  }) {
    this.#stores = parts.stores;
    this.#policy = parts.policy;
    this.#hosts = parts.hosts;
    this.#sessions = parts.sessions;
    this.#clock = parts.clock;
    this.#hasher = new PasswordHasher(parts.secrets);
    this.missingKeys = new MissingKeys(parts.stores.accounts, this.revocations);
    this.#sealed = new SealedPasswords(parts.stores.accounts, this.#hasher, parts.log.for("accounts"));
  }

  /** Goes on deriving keys of imported accounts where the last process stopped. */
  start(): void {
    this.#sealed.start();
  }

  async stop(): Promise<void> {
    await this.#sealed.stop();
  }

  exists(user: Jid): Promise<boolean> {
    return this.#stores.accounts.exists(user.domain, user.local);
  }

  /** The row of an account that is not there yet, for those who store it together with something else. Throws AccountError. */
  async draft({ user, password, via, address = null }: AccountDraft): Promise<NewAccount> {
    requirePerson(user);
    const credentials = await this.#hasher.credentials(requirePassword(password));
    return {
      host: user.domain,
      local: user.local,
      credentials,
      createdAt: this.#clock.now(),
      createdVia: via,
      createdFrom: address,
    };
  }

  /** Throws AccountError. */
  async create(account: AccountDraft): Promise<"created" | "exists"> {
    const { user } = account;
    if (!Object.hasOwn(this.#policy.document.hosts, user.domain))
      throw new AccountError("no-such-host", `${user.domain} is not a host of this server.`);
    const row = await this.draft(account);
    this.#sealed.forget(user);
    if (!(await this.#stores.accounts.create(row))) return "exists";
    await this.created(row, user);
    return "created";
  }

  /** Tells the modules of an account that was stored by way of {@link draft}. */
  async created(row: NewAccount, user: Jid): Promise<void> {
    await this.#fire("account/created", user, { user, via: row.createdVia, address: row.createdFrom });
  }

  /** Takes as long, and answers the same, for accounts that do not exist. */
  async verify(user: Jid, password: string): Promise<"ok" | "wrong" | "suspended"> {
    const prepared = preparePassword(password);
    const login = await this.#stores.accounts.login(user.domain, user.local);
    const credentials = login?.credentials;
    const keys = credentials?.kind === "scram" ? credentials.keys : this.#hasher.decoy(user);
    let matches = await this.#hasher.verify(keys, prepared);
    if (credentials?.kind === "sealed") {
      matches = prepared !== undefined && isSameText(this.#hasher.unseal(user, credentials.sealed), prepared);
      if (matches) await this.#sealed.keys(user, credentials.sealed, "urgent");
    }
    if (login === null || !matches) return "wrong";
    if (prepared !== undefined && credentials?.kind === "scram" && this.missingKeys.note(user.domain, credentials.keys))
      void this.#sealed.complete(user, prepared, credentials);
    return this.#isSuspended(login.suspended) ? "suspended" : "ok";
  }

  /** What whoever has proved to know the password is told of why it lets nobody in; undefined: nothing. */
  async whyDisabled(user: Jid): Promise<string | undefined> {
    const application = await this.#stores.applications.find(user.domain, user.local);
    if (application === null || (await this.exists(user))) return undefined;
    if (application.denied === null) return "The application for this account waits for an admin.";
    const { reason } = application.denied;
    return reason === "" ? "The application was refused." : `The application was refused: ${reason}`;
  }

  /** Keys to authenticate with. For accounts that do not exist they are invented, the same at each try. */
  async scram(
    user: Jid,
    mechanism: ScramMechanism,
  ): Promise<{ readonly keys: ScramKeys; readonly isReal: boolean; readonly suspended: boolean }> {
    const login = await this.#stores.accounts.login(user.domain, user.local);
    if (login === null) return { keys: this.#hasher.decoy(user)[mechanism], isReal: false, suspended: false };
    const all = (await this.#open(user, login.credentials)).keys;
    this.missingKeys.note(user.domain, all);
    const keys = all[mechanism];
    // Of a mechanism that the server it was imported from did not have: this one lets nobody in.
    if (keys === undefined) return { keys: this.#hasher.decoy(user)[mechanism], isReal: false, suspended: false };
    return { keys, isReal: true, suspended: this.#isSuspended(login.suspended) };
  }

  /** All keys of an account, for another server to keep; null: there is no such account. Throws SecretsError. */
  async keysOf(user: Jid): Promise<KeySet | null> {
    const login = await this.#stores.accounts.login(user.domain, user.local);
    return login === null ? null : (await this.#open(user, login.credentials)).keys;
  }

  /**
   * Makes an account from what another server kept of it: a password, or keys; with neither nobody can log in. Tells no hook.
   * Throws AccountError.
   */
  async restore(
    user: Jid,
    kept: { readonly password: string | null; readonly keys: KeySet },
  ): Promise<"created" | "exists"> {
    requirePerson(user);
    if (!Object.hasOwn(this.#policy.document.hosts, user.domain))
      throw new AccountError("no-such-host", `${user.domain} is not a host of this server.`);
    const credentials = this.#restored(user, kept);
    this.#sealed.forget(user);
    const { domain: host, local } = user;
    const createdAt = this.#clock.now();
    const row: NewAccount = { host, local, credentials, createdAt, createdVia: "import", createdFrom: null };
    return (await this.#stores.accounts.create(row)) ? "created" : "exists";
  }

  /** The same for an account that is there: nobody who knew the password of before gets in. Throws AccountError. */
  async restorePassword(user: Jid, kept: { readonly password: string | null; readonly keys: KeySet }): Promise<void> {
    const credentials = this.#restored(user, kept);
    this.#sealed.forget(user);
    this.revocations.revoke(user);
    const isChanged = this.#stores.accounts.setCredentials(user.domain, user.local, credentials);
    await this.#stores.clients.revokeAll(user.domain, user.local, true);
    await isChanged;
  }

  #restored(user: Jid, { password, keys }: { password: string | null; keys: KeySet }): Credentials {
    if (Object.keys(keys).length > 0) {
      this.missingKeys.note(user.domain, keys);
      return { kind: "scram", keys };
    }
    return this.#hasher.seal(user, requirePassword(password ?? randomBytes(24).toString("base64url")));
  }

  /** Whether somebody may log in to it by other means than a password. */
  async standing(user: Jid): Promise<"ok" | "suspended" | "unknown"> {
    const login = await this.#stores.accounts.login(user.domain, user.local);
    if (login === null) return "unknown";
    return this.#isSuspended(login.suspended) ? "suspended" : "ok";
  }

  /**
   * false: no such account. The tokens of its clients are worthless from now on (XEP-0484), and its sessions end with
   * `reset`, except those that `keep` names. Throws AccountError.
   */
  async changePassword(user: Jid, password: string, keep: "all" | Session | null = null): Promise<boolean> {
    const credentials = await this.#hasher.credentials(requirePassword(password));
    this.#sealed.forget(user);
    this.revocations.revoke(user);
    const isChanged = this.#stores.accounts.setCredentials(user.domain, user.local, credentials);
    // In the same turn, and so in the same commit.
    const resetsEnded = this.#stores.invites.revokeResets(user.domain, user.local, this.#clock.now());
    await this.#stores.clients.revokeAll(user.domain, user.local, true);
    await resetsEnded;
    if (!(await isChanged)) return false;
    if (keep !== "all") this.#endSessions(user, new StreamError("reset", "The password was changed."), keep);
    await this.#fire("account/password-changed", user, { user });
    return true;
  }

  /** null lifts the suspension. false: no such account. */
  async suspend(user: Jid, suspension: Suspension | null): Promise<boolean> {
    const isInForce = this.#isSuspended(suspension);
    if (isInForce) this.revocations.revoke(user);
    const isDone = this.#stores.accounts.setSuspension(user.domain, user.local, suspension);
    if (isInForce) await this.#stores.clients.revokeAll(user.domain, user.local, false);
    if (!(await isDone)) return false;
    if (isInForce) this.#endSessions(user, new StreamError("not-authorized", "The account is suspended."));
    return true;
  }

  /** Deletes the account with everything it owns; `answer` runs before its sessions end. false: no such account. */
  async remove(user: Jid, answer?: () => void): Promise<boolean> {
    this.#sealed.forget(user);
    await this.#fire("account/removing", user, { user });
    this.revocations.revoke(user);
    if (!(await this.#stores.accounts.remove(user.domain, user.local))) return false;
    answer?.();
    this.#endSessions(user, new StreamError("not-authorized", "The account was removed."));
    await this.#fire("account/removed", user, { user });
    return true;
  }

  /**
   * Stores accounts with their passwords sealed (docs/adr/0003); keys are derived afterwards, in the background. Can be run
   * again. The hooks of single accounts are not fired; sessions of accounts whose password was replaced end.
   */
  async importBatch(
    users: readonly { readonly user: Jid; readonly password: string }[],
    onConflict: "skip" | "update",
  ): Promise<ImportReport> {
    const rows: NewAccount[] = [];
    const failed: { jid: string; reason: string }[] = [];
    const createdAt = this.#clock.now();
    const shared = await this.#sharedCredentials(users);
    for (const [index, { user, password }] of users.entries()) {
      // Sealing a thousand passwords in one turn would keep everybody else waiting for tens of milliseconds.
      if (index % importSlice === importSlice - 1) await setImmediate();
      try {
        requirePerson(user);
        if (!Object.hasOwn(this.#policy.document.hosts, user.domain))
          throw new AccountError("no-such-host", `${user.domain} is not a host of this server.`);
        const credentials = shared.get(password) ?? this.#hasher.seal(user, requirePassword(password));
        rows.push({
          host: user.domain,
          local: user.local,
          credentials,
          createdAt,
          createdVia: "import",
          createdFrom: null,
        });
      } catch (error) {
        if (!(error instanceof AccountError)) throw error;
        failed.push({ jid: user.full, reason: error.message });
      }
    }
    if (onConflict === "update") {
      for (const { user } of users) {
        this.#sealed.forget(user);
        this.revocations.revoke(user);
      }
    }
    const counts = await this.#stores.accounts.createMany(rows, onConflict);
    if (onConflict === "update") {
      const reset = new StreamError("reset", "The password was changed.");
      for (const { user } of users) this.#endSessions(user, reset);
    }
    this.#sealed.start();
    return { ...counts, failed };
  }

  /** Keys of the passwords that many accounts of an import begin with, derived once for all of them (docs/adr/0003). */
  async #sharedCredentials(users: readonly { readonly password: string }[]): Promise<ReadonlyMap<string, Credentials>> {
    const uses = new Map<string, number>();
    for (const { password } of users) uses.set(password, (uses.get(password) ?? 0) + 1);
    const shared = new Map<string, Credentials>();
    for (const [password, count] of uses) {
      if (count < sharedFrom || password === "") continue;
      try {
        shared.set(password, await this.#hasher.credentials(requirePassword(password), "urgent"));
      } catch (error) {
        // Not a password: each account of it is reported by itself.
        if (!(error instanceof AccountError)) throw error;
      }
    }
    return shared;
  }

  #open(user: Jid, credentials: Credentials): Promise<Credentials & { readonly kind: "scram" }> {
    if (credentials.kind === "scram") return Promise.resolve(credentials);
    return this.#sealed.keys(user, credentials.sealed, "urgent");
  }

  #isSuspended(suspension: Suspension | null): boolean {
    return suspension !== null && (suspension.until === null || suspension.until > this.#clock.now());
  }

  #endSessions(user: Jid, error: StreamError, except: Session | null = null): void {
    // Closing takes sessions out of the list that is gone through.
    for (const session of [...this.#sessions.of(user.toBare())]) if (session !== except) session.close(error);
  }

  async #fire<N extends HookName>(name: N, user: Jid, event: HookEvent<N>): Promise<void> {
    await this.#hosts.get(user.domain)?.hooks.fire(name, event);
  }
}

function requirePerson(user: Jid): void {
  if (user.local === "" || user.resource !== "")
    throw new AccountError("bad-name", `${user.full} is not the address of an account.`);
}

function requirePassword(password: string): string {
  const prepared = preparePassword(password);
  if (prepared !== undefined) return prepared;
  const reason =
    password === "" ? "The password is empty." : "The password is too long or has characters that cannot be used.";
  throw new AccountError("bad-password", reason);
}

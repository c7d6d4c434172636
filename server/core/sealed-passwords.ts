import { setTimeout as pause } from "node:timers/promises";
import type { Accounts, Credentials } from "../storage/ports.ts";
import { Jid } from "../xmpp/jid.ts";
import type { PasswordHasher } from "./credentials.ts";
import type { Log } from "./log.ts";
import { SecretsError } from "./secrets.ts";

const batchSize = 50;
/** Work in the background takes at most this share of one core: chat comes first, and there is no hurry. */
const backgroundShare = 0.1;

type ScramCredentials = Credentials & { readonly kind: "scram" };

/**
 * Replaces the sealed passwords of a bulk import by SCRAM keys (docs/adr/0003): at the account's first login, and one after
 * the other in the background.
 */
export class SealedPasswords {
  readonly #accounts: Accounts;
  readonly #hasher: PasswordHasher;
  readonly #log: Log;
  /** Accounts whose keys are being derived. Taken out when their password is set meanwhile: then the keys are stale. */
  readonly #underWay = new Map<string, Promise<ScramCredentials>>();
  #run: Promise<void> | null = null;
  #isStopped = false;

  constructor(accounts: Accounts, hasher: PasswordHasher, log: Log) {
    this.#accounts = accounts;
    this.#hasher = hasher;
    this.#log = log;
  }

  /** Keys for a sealed password; they are stored when this resolves. Throws SecretsError. */
  keys(user: Jid, sealed: string, priority: "urgent" | "patient"): Promise<ScramCredentials> {
    const known = this.#underWay.get(user.bare);
    if (known !== undefined) return known;
    const work: Promise<ScramCredentials> = this.#derive(
      user,
      sealed,
      priority,
      () => this.#underWay.get(user.bare) === work,
    );
    this.#underWay.set(user.bare, work);
    return work;
  }

  /** Derives all keys of an account that has only some, from its password, which was just proved; one at a time. */
  async complete(user: Jid, password: string, before: Credentials): Promise<void> {
    if (this.#underWay.has(user.bare)) return;
    const isCurrent = (): boolean => this.#underWay.get(user.bare) === work;
    const work: Promise<ScramCredentials> = this.#hasher
      .credentials(password, "patient")
      .then(async (credentials) => {
        const login = await this.#accounts.login(user.domain, user.local);
        const isUnchanged = JSON.stringify(login?.credentials) === JSON.stringify(before);
        if (isUnchanged && isCurrent()) await this.#accounts.setCredentials(user.domain, user.local, credentials);
        return credentials;
      })
      .finally(() => {
        if (isCurrent()) this.#underWay.delete(user.bare);
      });
    this.#underWay.set(user.bare, work);
    await work.catch((error: unknown) => {
      if (!this.#isStopped) this.#log.warn("keys were not derived", { user: user.bare, error: String(error) });
    });
  }

  /** To be called in the turn in which a new password is given to the store, before it is. */
  forget(user: Jid): void {
    this.#underWay.delete(user.bare);
  }

  /**
   * A password set before this work began is seen by the read, one set later calls {@link forget}: the store takes writes in
   * the order of the calls. So these keys never replace those of a newer password.
   */
  async #derive(
    user: Jid,
    sealed: string,
    priority: "urgent" | "patient",
    isCurrent: () => boolean,
  ): Promise<ScramCredentials> {
    try {
      const login = await this.#accounts.login(user.domain, user.local);
      const isNewest = login?.credentials.kind === "sealed" && login.credentials.sealed === sealed;
      const credentials = await this.#hasher.credentials(this.#hasher.unseal(user, sealed), priority);
      if (isNewest && isCurrent()) await this.#accounts.setCredentials(user.domain, user.local, credentials);
      return credentials;
    } finally {
      if (isCurrent()) this.#underWay.delete(user.bare);
    }
  }

  /** Goes through what is sealed until nothing is. Called at start and after each import; one run at a time. */
  start(): void {
    if (this.#isStopped) return;
    this.#run ??= this.#work()
      .catch((error: unknown) => {
        if (!this.#isStopped) this.#log.error("deriving keys of imported accounts stopped", { error: String(error) });
      })
      .finally(() => {
        this.#run = null;
      });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#run;
  }

  /** Resolves when the run that is under way, if any, is over. */
  async idle(): Promise<void> {
    await this.#run;
  }

  async #work(): Promise<void> {
    let done = 0;
    const next = () => this.#accounts.sealed(batchSize);
    for (let batch = await next(); batch.length > 0; batch = await next()) {
      const before = done;
      for (const { host, local, sealed } of batch) {
        if (this.#isStopped) return;
        const startedAt = performance.now();
        if (await this.#promote(Jid.of(local, host), sealed)) done += 1;
        await pause(((performance.now() - startedAt) * (1 - backgroundShare)) / backgroundShare, null, { ref: false });
      }
      // Nothing of a whole batch opens: the key file is another one, and asking again would go on for ever.
      if (done === before) return;
    }
    if (done > 0) this.#log.info("keys of imported accounts derived", { accounts: done });
  }

  /** false: it cannot be opened. */
  async #promote(user: Jid, sealed: string): Promise<boolean> {
    try {
      await this.keys(user, sealed, "patient");
      return true;
    } catch (error) {
      if (!(error instanceof SecretsError)) throw error;
      this.#log.error("an imported password cannot be opened", { user: user.bare, reason: error.message });
      return false;
    }
  }
}

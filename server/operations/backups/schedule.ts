import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { PolicyState } from "../../core/policy/state.ts";
import type { Secrets } from "../../core/secrets.ts";
import type { Stores } from "../../storage/ports.ts";
import type { Backups } from "./backups.ts";
import type { BackupFile } from "./files.ts";

export const scheduleAuthor = "schedule";
const lookMs = 300_000;
const hourMs = 3_600_000;
const secretName = "backup passphrase";

interface ScheduleParts {
  readonly backups: Backups;
  readonly policy: PolicyState;
  readonly stores: Pick<Stores, "admin">;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
}

/** Makes backups by themselves, tries each out, and lets the oldest go. */
export class BackupSchedule {
  readonly #parts: ScheduleParts;
  readonly #log: Log;
  #failure: { readonly at: number; readonly reason: string } | null = null;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
    this.#log = parts.log.for("backups");
  }

  /** Why the last one failed; null: it did not. */
  get failure(): { readonly at: number; readonly reason: string } | null {
    return this.#failure;
  }

  start(): () => void {
    const timer = setInterval(() => void this.look(), lookMs).unref();
    void this.look();
    return () => clearInterval(timer);
  }

  async hasPassphrase(): Promise<boolean> {
    return (await this.#parts.stores.admin.secret(secretName)) !== null;
  }

  /** Keeps the passphrase of scheduled backups, sealed. */
  async setPassphrase(passphrase: string): Promise<void> {
    const { stores, secrets } = this.#parts;
    await stores.admin.putSecret(secretName, secrets.seal(passphrase, secretName));
  }

  /** null: none is kept. */
  async passphrase(): Promise<string | null> {
    const { stores, secrets } = this.#parts;
    const sealed = await stores.admin.secret(secretName);
    return sealed === null ? null : secrets.open(sealed, secretName);
  }

  /** Makes one if it is time. Never rejects. */
  async look(): Promise<void> {
    const { backups, policy, clock } = this.#parts;
    const { everyHours, keep, encrypted, uploads } = policy.document.operations.backups;
    if (everyHours === null || backups.task !== null) return;
    try {
      const own = (await backups.list()).filter(({ manifest }) => manifest.createdBy === scheduleAuthor);
      const last = Math.max(own[0]?.manifest.createdAt ?? 0, this.#failure === null ? 0 : this.#failure.at);
      if (clock.now() - last < everyHours * hourMs) return;
      await this.#make(encrypted, uploads);
      await this.#forget(own, keep);
    } catch (error) {
      this.#failure = { at: clock.now(), reason: error instanceof Error ? error.message : String(error) };
      this.#log.error("a scheduled backup failed", { error: this.#failure.reason });
    }
  }

  async #make(isEncrypted: boolean, hasUploads: boolean): Promise<void> {
    const { backups } = this.#parts;
    const passphrase = isEncrypted ? await this.passphrase() : null;
    if (isEncrypted && passphrase === null) throw new Error("there is no passphrase to encrypt it with");
    const { manifest, bytes } = await backups.create(scheduleAuthor, passphrase, hasUploads);
    const check = await backups.verify(manifest.id, passphrase);
    if (!check.ok) throw new Error(`the backup ${manifest.id} cannot be restored: ${check.reason}`);
    this.#failure = null;
    this.#log.info("a backup was made and tried out", { id: manifest.id, bytes });
  }

  // Those that were there before, and one new one.
  async #forget(before: readonly BackupFile[], keep: number): Promise<void> {
    for (const { manifest } of before.slice(keep - 1)) await this.#parts.backups.remove(manifest.id);
  }
}

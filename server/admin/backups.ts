import type { Backup } from "../../lib/contracts/backups.ts";
import type { contract } from "../../lib/contracts/index.ts";
import type { RefusalCode } from "../../lib/contracts/refusals.ts";
import type { Backups } from "../operations/backups/backups.ts";
import type { BackupFile } from "../operations/backups/files.ts";
import { type BackupError, extension, keyName } from "../operations/backups/manifest.ts";
import type { BackupSchedule } from "../operations/backups/schedule.ts";
import { AdminError, type AdminErrorCode, badInput, badInputAs, refused } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { revise } from "./revise.ts";
import { timestamp } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

/** Where a backup is fetched with its ticket. */
export const backupPath = "/api/v1/backup-content";

export function backups(admin: Admin): Verbs<typeof contract.backups> {
  const { core } = admin;

  const parts = (): { readonly backups: Backups; readonly schedule: BackupSchedule } => {
    if (admin.backups === null) throw refused("unavailable", "store-in-memory");
    return admin.backups;
  };
  /** What is typed before everything is replaced: a host that is served, or the name of the product while there is none. */
  const confirmation = (): string => Object.keys(core.policy.document.hosts).toSorted()[0] ?? "nightpost";

  return {
    async list() {
      const { backups: files, schedule } = parts();
      const { failure } = schedule;
      return {
        items: (await files.list()).map(describe),
        task: files.task,
        schedule: core.policy.document.operations.backups,
        hasPassphrase: await schedule.hasPassphrase(),
        failure: failure === null ? null : { ...failure, at: timestamp(failure.at) },
        directory: files.directory,
      };
    },

    estimate: () => parts().backups.estimate(),

    async create({ passphrase, uploads }, call) {
      const made = await parts().backups.create(call.author, passphrase, uploads);
      call.note(made.manifest.id, { bytes: made.bytes });
      return describe(made);
    },

    async verify({ id, passphrase }, call) {
      const { backups: files, schedule } = parts();
      const check = await files.verify(id, passphrase ?? (await schedule.passphrase()));
      call.note(id, { ok: check.ok, reason: check.reason });
      const found = (await files.list()).find(({ manifest }) => manifest.id === id);
      if (found === undefined) throw new AdminError("not-found");
      // Also where it is not kept, such as that of a wrong passphrase.
      return describe({ ...found, check });
    },

    async preview({ id }) {
      const { backup, before, opensSecrets } = await parts().backups.preview(id);
      const { hosts, counts } = before;
      return {
        backup: describe(backup),
        before: { hosts: [...hosts], counts: { ...counts } },
        opensSecrets,
        confirm: confirmation(),
      };
    },

    async restore({ id, passphrase, confirm }, call) {
      if (confirm !== confirmation()) throw badInput("confirm", "has-to-be", { text: confirmation() });
      const { backups: files, schedule } = parts();
      const before = await files.restore(id, passphrase ?? (await schedule.passphrase()), call.author);
      call.note(id, { before: before.manifest.id });
      // The answer, and the audit row, are to leave before the listeners close.
      setTimeout(admin.restart, 250).unref();
      return { before: describe(before) };
    },

    async download({ id }, call) {
      if (!call.may("server:write"))
        throw refused("forbidden", "needs-server-write", {}, { permission: "server:write" });
      const ticket = await parts().backups.ticket(id);
      return { path: `${backupPath}/${ticket}`, name: id + extension };
    },

    async remove({ id }) {
      await parts().backups.remove(id);
      return { ok: true };
    },

    async setSchedule({ schedule, passphrase, comment }, call) {
      const keeper = parts().schedule;
      if (passphrase !== null) await keeper.setPassphrase(passphrase);
      if (schedule.encrypted && !(await keeper.hasPassphrase()))
        throw badInput("passphrase", "backup-passphrase-needed");
      await revise(admin, call, { comment }, (draft) => {
        draft.operations.backups = schedule;
      });
      return { ok: true };
    },
  };
}

function describe({ manifest, bytes, path, check }: BackupFile): Backup {
  const { id, createdAt, createdBy, version, hosts, counts, encryption, files, uploads } = manifest;
  return {
    id,
    createdAt: timestamp(createdAt),
    createdBy,
    bytes,
    version,
    hosts,
    counts,
    encrypted: encryption !== null,
    hasKeys: files.some(({ name }) => name === keyName),
    uploads,
    path,
    check: check === null ? null : { ...check, at: timestamp(check.at) },
  };
}

const codes = {
  "no-backup": ["not-found", "backup-missing"],
  damaged: ["conflict", "backup-damaged"],
  newer: ["conflict", "backup-newer"],
  mismatch: ["conflict", "backup-mismatch"],
  "no-space": ["unavailable", "disk-full"],
} as const satisfies Record<Exclude<BackupError["code"], "passphrase">, readonly [AdminErrorCode, RefusalCode]>;

/** What the caller is told of a backup that is of no use. */
export function fromBackup(error: BackupError): AdminError {
  if (error.code === "passphrase") return badInputAs("passphrase", error.message, "backup-passphrase");
  const [code, reason] = codes[error.code];
  return new AdminError(code, error.message, { reason }, error);
}

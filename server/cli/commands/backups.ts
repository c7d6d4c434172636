import { InvalidArgumentError, type Command } from "commander";
import type { Backup } from "../../../lib/contracts/backups.ts";
import { apiCommand } from "../context.ts";
import { exitCodes } from "../exit.ts";
import { passwordText } from "../file-text.ts";
import { stageBackup } from "../server-process.ts";

const passphraseOption = (command: Command): Command =>
  command.option("--passphrase-file <file>", "file with the passphrase; - is standard input");

const withoutUploads = (command: Command): Command =>
  command.option("--no-uploads", "without what users have uploaded");

/** Backups of the store: made beside the running server, tried out by a real restore. */
export function backupCommands(program: Command): void {
  const backup = program.command("backup").description("backups of the store");
  apiCommand(
    backup,
    "create",
    "make a backup; with a passphrase it is encrypted and has the key file in it",
    async ({ api, print }, _args, options) => {
      const { uploads, elsewhere, storeBytes } = await api.backups.estimate();
      const hasUploads = options["uploads"] !== false;
      if (process.stderr.isTTY)
        console.error(`the store has ${storeBytes} bytes, ${uploads.files} uploaded files have ${uploads.bytes}`);
      const made = await api.backups.create({ passphrase: passphraseOf(options), uploads: hasUploads });
      print(made, () => [
        lineOf(made),
        ...(elsewhere.files === 0 ? [] : [`${elsewhere.files} files in the object store are not in it`]),
        made.path,
      ]);
    },
    (command) => withoutUploads(passphraseOption(command)),
  );
  apiCommand(backup, "list", "backups on the server, newest first", async ({ api, print }) => {
    const found = await api.backups.list();
    print(found, () => [...found.items.map(lineOf), `in ${found.directory}`]);
  });
  apiCommand(
    backup,
    "verify <id>",
    "restore a backup into a directory of its own and check all of it (exit code 1: it is of no use)",
    async ({ api, print }, [id = ""], options) => {
      const tried = await api.backups.verify({ id, passphrase: passphraseOf(options) });
      print(tried, () => (tried.check?.ok === true ? `${id} is sound` : `${id}: ${tried.check?.reason ?? ""}`));
      if (tried.check?.ok !== true) process.exitCode = exitCodes.negative;
    },
    passphraseOption,
  );
  apiCommand(
    backup,
    "restore <id>",
    "put a backup in the place of the store and start the server anew; without --confirm, say what would change",
    async ({ api, data, print }, [id = ""], options) => {
      if (options["stopped"] === true) {
        stageBackup(data, id, passphraseOf(options));
        print({ staged: id }, () => `${id} is sound, and takes the place of the store at the next start`);
        return;
      }
      const preview = await api.backups.preview({ id });
      const { confirm } = options;
      if (typeof confirm !== "string") {
        print(preview, () => [
          ...Object.entries(preview.backup.counts).map(
            ([name, count]) => `${name}: ${preview.before.counts[name] ?? 0} now, ${count} after`,
          ),
          ...(preview.opensSecrets ? [] : ["What is sealed in it cannot be opened here: its key file is missing."]),
          `To restore it: --confirm ${preview.confirm}`,
        ]);
        return;
      }
      const { before } = await api.backups.restore({ id, confirm, passphrase: passphraseOf(options) });
      print({ before }, () => `The server starts anew with ${id}; what was there is ${before.id}`);
    },
    (command) =>
      passphraseOption(command)
        .option("--confirm <host>", "the host that the preview names")
        .option("--stopped", "for a server that does not run, because its store is damaged; what was there is kept"),
  );
  apiCommand(backup, "remove <id>", "delete a backup", async ({ api, print }, [id = ""]) => {
    print(await api.backups.remove({ id }), () => `Backup ${id} deleted`);
  });
  apiCommand(
    backup,
    "schedule <every-hours>",
    "make backups by themselves; 0: none",
    async ({ api, print }, [hours = ""], options) => {
      const { keep, encrypted } = options;
      const { schedule } = await api.backups.list();
      const everyHours = whole(hours);
      const next = {
        everyHours: everyHours === 0 ? null : everyHours,
        keep: typeof keep === "number" ? keep : schedule.keep,
        encrypted: encrypted === true || options["passphraseFile"] !== undefined,
        uploads: options["uploads"] !== false,
      };
      await api.backups.setSchedule({ schedule: next, passphrase: passphraseOf(options) });
      print(next, () =>
        everyHours === 0 ? "no backups by themselves" : `every ${everyHours} hours, ${next.keep} are kept`,
      );
    },
    (command) =>
      withoutUploads(passphraseOption(command))
        .option("--keep <number>", "how many are kept", whole)
        .option("--encrypted", "with the passphrase that is kept"),
  );
}

function whole(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError("It is a whole number.");
  return number;
}

function passphraseOf({ passphraseFile }: Record<string, unknown>): string | null {
  if (typeof passphraseFile !== "string") return null;
  return passwordText(passphraseFile);
}

function lineOf({ id, createdAt, createdBy, bytes, encrypted, counts, uploads, check }: Backup): string {
  const state = check === null ? "not tried out" : check.ok ? "sound" : `of no use: ${check.reason}`;
  const files = uploads === null ? "without uploaded files" : `${uploads.files} uploaded files`;
  const what = `${counts["accounts"] ?? 0} accounts, ${counts["messages"] ?? 0} messages, ${files}`;
  return `${id} ${createdAt} by ${createdBy}, ${bytes} bytes, ${what}, ${encrypted ? "encrypted, " : ""}${state}`;
}

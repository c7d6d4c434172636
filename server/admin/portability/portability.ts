import { randomBytes } from "node:crypto";
import type { contract } from "../../../lib/contracts/index.ts";
import type { ExportPart, ImportReport } from "../../../lib/contracts/portability.ts";
import { StreamError } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { accountJid, hostName, requireHost } from "../address.ts";
import { guardAdmins } from "../admins.ts";
import type { Call } from "../call.ts";
import { badInput, refused } from "../errors.ts";
import type { Admin } from "../parts.ts";
import { timestamp } from "../timestamp.ts";
import type { Verbs } from "../verbs.ts";
import { type ExportScope, formatPlace, headOf, parsePlace, partFrom, type Place, startOf } from "./export.ts";
import { Import } from "./import.ts";

const idleMs = 60 * 60_000;
const maxJobs = 20;
/** Parts of one import at a time: each is held until it is read. */
const maxWaiting = 2;

/** What is under way, by whom. Parts of an import are read one after the other. */
interface ImportJob {
  readonly id: string;
  readonly by: string;
  readonly startedAt: number;
  readonly isDry: boolean;
  readonly run: Import;
  usedAt: number;
  bytes: number;
  state: ImportReport["state"];
  error: string | null;
  pending: Promise<unknown>;
  /** Parts that are not read yet. */
  waiting: number;
}
interface ExportJob {
  readonly id: string;
  readonly by: string;
  readonly scope: ExportScope;
  usedAt: number;
}

export function portability(admin: Admin): Verbs<typeof contract.portability> {
  const { core, events } = admin;
  const { clock } = core;
  const imports = new Map<string, ImportJob>();
  const exports = new Map<string, ExportJob>();

  const sweep = (jobs: Map<string, { usedAt: number }>): void => {
    for (const [id, { usedAt }] of jobs) if (clock.now() - usedAt > idleMs) jobs.delete(id);
    if (jobs.size >= maxJobs) throw refused("conflict", "too-many-transfers");
  };

  const jobOf = <Job extends ImportJob | ExportJob>(jobs: ReadonlyMap<string, Job>, id: string, call: Call): Job => {
    const job = jobs.get(id);
    if (job === undefined || job.by !== call.author) throw refused("not-found", "nothing-under-way");
    job.usedAt = clock.now();
    return job;
  };

  const part = async ({ id, scope }: ExportJob, from: Place, head: string): Promise<ExportPart> => {
    const { text, next, accounts } = await partFrom(core, scope, from);
    return { id, text: head + text, next: next === null ? null : formatPlace(next), accounts };
  };

  const take = async (job: ImportJob, work: () => void | Promise<void>): Promise<ImportReport> => {
    if (job.state !== "receiving") throw refused("conflict", "import-over", { state: job.state });
    const run = job.pending.then(work).catch((error: unknown) => {
      job.state = "failed";
      if (!(error instanceof StreamError)) throw error;
      job.error = error.text === undefined ? error.condition : `${error.condition}: ${error.text}`;
    });
    job.pending = run.catch(() => undefined);
    await run;
    return report(job);
  };

  return {
    async export({ host: text, jid: account, parts }, call) {
      const host = hostName(text);
      requireHost(core, host);
      const user: Jid | null = account === undefined ? null : accountJid(core, account);
      if (user !== null && user.domain !== host) throw badInput("jid", "account-elsewhere", { host });
      if (user !== null && !(await core.accounts.exists(user)))
        throw refused("not-found", "account-missing", { jid: user.bare });
      sweep(exports);
      const id = randomBytes(12).toString("base64url");
      const job: ExportJob = { id, by: call.author, scope: { host, user, parts }, usedAt: clock.now() };
      exports.set(id, job);
      call.note(user?.bare ?? host);
      return part(job, startOf(), headOf(job.scope));
    },

    async exportPart({ id, next }, call) {
      const job = jobOf(exports, id, call);
      call.keepTo(job.scope.host);
      const place = parsePlace(next);
      if (place === undefined) throw badInput("next", "no-export-place");
      return part(job, place, "");
    },

    import({ dryRun, onConflict, parts, hosts }, call) {
      sweep(imports);
      const renamed = Object.fromEntries(Object.entries(hosts).map(([from, to]) => [hostName(from), hostName(to)]));
      for (const host of Object.values(renamed)) requireHost(core, host);
      const id = randomBytes(12).toString("base64url");
      const guard = (user: Jid): void => guardAdmins(core.policy, user, call);
      const now = clock.now();
      const job: ImportJob = {
        id,
        by: call.author,
        startedAt: now,
        isDry: dryRun,
        run: new Import(core, { isDry: dryRun, onConflict, parts, hosts: renamed, guard }),
        usedAt: now,
        bytes: 0,
        state: "receiving",
        error: null,
        pending: Promise.resolve(),
        waiting: 0,
      };
      imports.set(id, job);
      call.note(id);
      return report(job);
    },

    async importPart({ id, text }, call) {
      const job = jobOf(imports, id, call);
      if (job.waiting >= maxWaiting) throw refused("conflict", "one-part-at-a-time");
      job.waiting += 1;
      return take(job, async () => {
        job.bytes += Buffer.byteLength(text);
        await job.run.write(text);
      }).finally(() => {
        job.waiting -= 1;
      });
    },

    async importEnd({ id, isComplete }, call) {
      const job = jobOf(imports, id, call);
      const ended = job.state === "receiving" ? await take(job, () => end(job, isComplete)) : report(job);
      imports.delete(id);
      core.accounts.start();
      call.note(id, { accounts: ended.accounts, bytes: ended.bytes, dryRun: ended.dryRun });
      if (!job.isDry) events.publish("users", null, call.author);
      return ended;
    },

    importState({ id }, call) {
      return report(jobOf(imports, id, call));
    },
  };
}

function end(job: ImportJob, isComplete: boolean): void {
  if (isComplete) job.run.end();
  job.state = isComplete ? "done" : "failed";
  if (!isComplete) job.error = "given up";
}

function report({ id, isDry, startedAt, state, error, bytes, run: { tally } }: ImportJob): ImportReport {
  return {
    id,
    dryRun: isDry,
    startedAt: timestamp(startedAt),
    state,
    error,
    bytes,
    accounts: { ...tally.accounts },
    items: { ...tally.items },
    withoutPassword: tally.withoutPassword,
    unknown: tally.unknowns,
    problems: [...tally.problems],
  };
}

import type { contract } from "../../lib/contracts/index.ts";
import type { LeftOut, UserAction, UserFilter, UserJob, UserSelection } from "../../lib/contracts/users.ts";
import type { AccountRow } from "../storage/ports.ts";
import { Jid } from "../xmpp/jid.ts";
import { guardAdmins } from "./admins.ts";
import type { Call } from "./call.ts";
import { AdminError, badInput } from "./errors.ts";
import { toAdminError } from "./fault.ts";
import { describeJob, type Job, type JobRun, type JobStep } from "./jobs.ts";
import type { Admin } from "./parts.ts";
import { userActs } from "./user-acts.ts";
import { describeUser, findUsers } from "./user-rows.ts";
import type { Verbs } from "./verbs.ts";

const countedAtOnce = 1000;
const perStep = 100;
/** Accounts that are changed at the same time, so that they share a commit; of a password, keys are derived. */
const atOnce = 20;
const passwordsAtOnce = 4;
/** What one may do to oneself and to whoever has a role. */
const harmless: ReadonlySet<UserAction> = new Set(["end-sessions", "tag", "untag"]);
const sampleSize = 5;
const maxLeftOut = 20;

/** What a job on accounts does, and to which. */
export interface UserJobAbout {
  readonly action: UserAction;
  readonly filter: UserFilter;
}
type JobVerbs = Pick<Verbs<typeof contract.users>, "countMatching" | "startJob" | "jobs" | "stopJob">;
interface Order extends UserSelection {
  readonly action: UserAction;
  readonly reason: string;
  readonly until: string | null;
  readonly word?: string | undefined;
}

/** One deed on all accounts that a filter finds, except those that are named. */
export function userJobs(admin: Admin): JobVerbs {
  const { core, events, userJobs: jobs } = admin;
  const { policy, clock, sessions } = core;
  const acts = userActs(admin);

  const page = async (selection: UserSelection, cursor: string, limit: number, call: Call) => {
    const { except, ...filter } = selection;
    const found = await findUsers(core, filter, { limit, ...(cursor === "" ? {} : { cursor }) }, call);
    const spared = new Set(except.map((jid) => Jid.tryParse(jid)?.bare));
    return { ...found, items: found.items.filter(({ local, host }) => !spared.has(Jid.of(local, host).bare)) };
  };

  /** Why this caller cannot do it to this account; null: it can be tried. */
  const obstacle = (jid: Jid, action: UserAction, call: Call): LeftOut["why"] | null => {
    if (harmless.has(action)) return null;
    if (jid.bare === call.caller.name) return action === "resume" ? null : "self";
    try {
      guardAdmins(policy, jid, call);
      return null;
    } catch (error) {
      if (error instanceof AdminError) return "role";
      throw error;
    }
  };

  const tally = async ({ action, ...selection }: UserSelection & { action: UserAction }, call: Call) => {
    const sample: AccountRow[] = [];
    const leftOut: LeftOut[] = [];
    const sum = { matching: 0, sessions: 0, offlineMessages: 0, leftOutCount: 0 };
    for (let cursor: string | null = ""; cursor !== null;) {
      const found: Awaited<ReturnType<typeof page>> = await page(selection, cursor, countedAtOnce, call);
      for (const row of found.items) {
        const jid = Jid.of(row.local, row.host);
        const why = obstacle(jid, action, call);
        if (why !== null) {
          sum.leftOutCount += 1;
          if (leftOut.length < maxLeftOut) leftOut.push({ jid: jid.bare, why });
          continue;
        }
        sum.matching += 1;
        sum.sessions += sessions.of(jid).length;
        sum.offlineMessages += row.offlineMessages;
        if (sample.length < sampleSize) sample.push(row);
      }
      cursor = found.nextCursor;
    }
    return { ...sum, leftOut, sample: sample.map((row) => describeUser(core, row)) };
  };

  const act = async (jid: Jid, { action, reason, until, word }: Order, call: Call): Promise<void> => {
    const words = word === undefined ? [] : [word];
    if (action === "suspend") {
      const suspension = { reason, at: clock.now(), until: until === null ? null : Date.parse(until), by: call.author };
      await acts.suspend(jid, suspension, call);
    } else if (action === "resume") await acts.suspend(jid, null, call);
    else if (action === "delete") await acts.remove(jid, call);
    else if (action === "expire-password") await acts.expirePassword(jid, call);
    else if (action === "tag") await acts.setTags(jid, { add: words, remove: [] }, call);
    else if (action === "untag") await acts.setTags(jid, { add: [], remove: words }, call);
    else acts.endSessions(jid, reason);
  };

  const attempt = async (jid: Jid, order: Order, call: Call, run: JobRun): Promise<void> => {
    try {
      await act(jid, order, call);
      run.did(1);
    } catch (thrown) {
      const error = toAdminError(thrown);
      if (error.code === "internal" || error.code === "unavailable") throw thrown;
      run.failed({ item: jid.bare, code: error.code, reason: error.message });
    }
  };

  const stepOf =
    (order: Order, call: Call): JobStep<string> =>
    async (cursor, run) => {
      const { items, nextCursor } = await page(order, cursor, perStep, call);
      const wanted = items
        .map(({ local, host }) => Jid.of(local, host))
        .filter((jid) => obstacle(jid, order.action, call) === null);
      // One by one: of two that are the last admins, one has to see that the other is gone.
      const admins = wanted.filter((jid) => policy.rolesSomewhere(jid).length > 0);
      const others = wanted.filter((jid) => !admins.includes(jid));
      const size = order.action === "expire-password" ? passwordsAtOnce : atOnce;
      for (let start = 0; start < others.length && !run.isOver; start += size)
        await Promise.all(others.slice(start, start + size).map((jid) => attempt(jid, order, call, run)));
      for (const jid of admins) if (!run.isOver) await attempt(jid, order, call, run);
      events.publish(order.action === "end-sessions" ? "sessions" : "users", null, call.author);
      return nextCursor;
    };

  return {
    countMatching: (selection, call) => tally(selection, call),

    async startJob(order, call) {
      const { action, reason: _reason, until: _until, except: _except, only: _only, word, ...filter } = order;
      if ((action === "tag" || action === "untag") && word === undefined) throw badInput("word", "tag-missing");
      const { matching } = await tally(order, call);
      const job = jobs.start({
        by: call.author,
        about: { action, filter },
        matching,
        from: "",
        step: stepOf(order, call),
        ended: () => events.publish("users", null, call.author),
      });
      call.note(`${matching} accounts`, { job: job.id });
      return describeUserJob(job);
    },

    jobs: (_input, call) => ({ items: jobs.seenBy(call).map(describeUserJob) }),

    stopJob: ({ id }, call) => describeUserJob(jobs.stop(id, call)),
  };
}

const describeUserJob = (job: Job<UserJobAbout>): UserJob => ({ ...describeJob(job), ...job.about });

import type { contract } from "../../lib/contracts/index.ts";
import { remark } from "../../lib/contracts/remarks.ts";
import { own } from "../core/policy/engine.ts";
import { hostName, requireHost } from "./address.ts";
import { refused } from "./errors.ts";
import { hostSummary } from "./host-summary.ts";
import type { Admin } from "./parts.ts";
import { revise } from "./revise.ts";
import { timestamp } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

type DrainVerbs = Pick<Verbs<typeof contract.hosts>, "drain" | "stopDraining">;

const minuteMs = 60_000;
const lookMs = 1_000;
/** Who switches a drained host off, in the list of revisions and in the audit trail. */
const author = "nightpost";

/** Emptying a host before it is switched off. When that is due stands in the policy, so that a restart does not forget it. */
export function hostDrains(admin: Admin): DrainVerbs {
  const { core } = admin;
  const settingsOf = (host: string) => own(core.policy.document.hosts, host)!;
  return {
    async drain({ host, minutes }, call) {
      const name = hostName(host);
      requireHost(core, name);
      if (!settingsOf(name).enabled) throw refused("conflict", "host-off", { host: name });
      const drainUntil = timestamp(core.clock.now() + minutes * minuteMs);
      await revise(admin, call, { comment: remark("revision-host-drained", { name }) }, (draft) => {
        own(draft.hosts, name)!.drainUntil = drainUntil;
      });
      return hostSummary(admin, name, settingsOf(name));
    },

    async stopDraining({ host }, call) {
      const name = hostName(host);
      requireHost(core, name);
      if (settingsOf(name).drainUntil === null) throw refused("conflict", "host-not-drained", { host: name });
      await revise(admin, call, { comment: remark("revision-host-drained-no-more", { name }) }, (draft) => {
        own(draft.hosts, name)!.drainUntil = null;
      });
      return hostSummary(admin, name, settingsOf(name));
    },
  };
}

/** Switches off what is due, also what became due while the server was not running. Returns what stops it. */
export function watchDrains(admin: Pick<Admin, "core" | "loader">): () => void {
  const log = admin.core.log.for("hosts");
  let isBusy = false;
  // A store that refuses refuses every second: it is told once.
  let told: string | null = null;
  const look = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    try {
      await endDrains(admin);
      told = null;
    } catch (thrown) {
      const error = String(thrown);
      if (error !== told) log.error("a drained host could not be switched off", { error });
      told = error;
    } finally {
      isBusy = false;
    }
  };
  const timer = setInterval(() => void look(), lookMs).unref();
  return () => clearInterval(timer);
}

/** Switches off every host whose time has come: its streams end, as those of every host that is switched off. */
export async function endDrains({ core, loader }: Pick<Admin, "core" | "loader">): Promise<void> {
  const { policy, clock } = core;
  const due = Object.entries(policy.document.hosts).filter(
    ([, { drainUntil }]) => drainUntil !== null && Date.parse(drainUntil) <= clock.now(),
  );
  for (const [name] of due) {
    const audit = {
      at: clock.now(),
      actor: author,
      address: "local",
      action: "host.update",
      object: name,
      result: "done",
      detail: JSON.stringify({ host: name, enabled: false }),
      requestId: "",
      means: null,
    } as const;
    // oxlint-disable-next-line no-await-in-loop -- each is a revision of its own
    await policy.change({ author, comment: remark("revision-host-drained-off", { name }), audit }, (draft) => {
      const host = own(draft.hosts, name);
      // Somebody may have stopped it meanwhile.
      if (host === undefined || host.drainUntil === null || Date.parse(host.drainUntil) > clock.now()) return;
      host.enabled = false;
      host.drainUntil = null;
    });
  }
  if (due.length > 0) await loader.apply(policy.document);
}

import type { ForwardTarget } from "../../lib/contracts/forward-policy.ts";
import type { contract } from "../../lib/contracts/index.ts";
import type { ReplayFilter, TargetHealth } from "../../lib/contracts/forward.ts";
import { own } from "../core/policy/engine.ts";
import type { Replay } from "../forward/replays.ts";
import { readSigningIfOpen, SigningKeeper } from "../forward/signing-secrets.ts";
import { openTarget } from "../forward/target-secrets.ts";
import { hostName } from "./address.ts";
import type { Call } from "./call.ts";
import { AdminError } from "./errors.ts";
import { forwardAttempt, forwardEvent, outboxFilter, replayJob } from "./forward-event.ts";
import type { Admin } from "./parts.ts";
import { put } from "./records.ts";
import { revise, revisionOf } from "./revise.ts";
import { masked, requireSecrets } from "./target-secrets.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

const hourMs = 60 * 60 * 1_000;
const dayMs = 24 * hourMs;

export function forward(admin: Admin): Verbs<typeof contract.forward> {
  const { core, forward: service, secrets, events, replays } = admin;
  const { policy, stores, clock } = core;
  const signing = new SigningKeeper(stores.admin, secrets, clock);

  const targetOf = (name: string): ForwardTarget => {
    const target = own(policy.document.forward.targets, name);
    if (target === undefined) throw new AdminError("not-found", `There is no target ${name}.`);
    return target;
  };

  const signingFacts = async (): Promise<Map<string, TargetHealth["signing"]>> => {
    const facts = new Map<string, TargetHealth["signing"]>();
    const now = clock.now();
    for (const name of Object.keys(policy.document.forward.targets)) {
      const found = await readSigningIfOpen(name, stores.admin, secrets);
      if (found === null) continue;
      const until = found.previous !== null && found.previous.until > now ? found.previous.until : null;
      facts.set(name, { since: timestamp(found.since), previousUntil: timestampOrNull(until) });
    }
    return facts;
  };

  const eventOf = async (id: string, call: Call) => {
    const event = await stores.outbox.find(id);
    if (event === null) throw new AdminError("not-found", `There is no event ${id}.`);
    call.keepTo(event.host);
    return event;
  };

  const deadFilter = ({ host, ids, ...filter }: ReplayFilter, call: Call) => {
    const hosts = call.hosts(host === undefined ? undefined : hostName(host));
    const { state: _, ...dead } = outboxFilter(filter, hosts);
    return { ...dead, ids };
  };

  return {
    async targets() {
      const [stats, health, signingOf] = await Promise.all([
        stores.outbox.stats(clock.now()),
        service.health(),
        signingFacts(),
      ]);
      const items = Object.entries(policy.document.forward.targets).map(([name, target]): TargetHealth => {
        const figures = stats.find((one) => one.target === name);
        const state = health.get(name);
        return {
          name,
          target: masked(target),
          signing: signingOf.get(name) ?? null,
          breaker: state?.breaker ?? "closed",
          breakerUntil: timestampOrNull(state?.breakerUntil ?? null),
          backlog: figures?.backlog ?? 0,
          oldestDueAt: timestampOrNull(figures?.oldestDueAt ?? null),
          inFlight: state?.inFlight ?? 0,
          delivered24h: figures?.delivered24h ?? 0,
          failed24h: figures?.failed24h ?? 0,
          dead: figures?.dead ?? 0,
          lastError: figures?.lastError ?? null,
          lastDeliveredAt: timestampOrNull(figures?.lastDeliveredAt ?? null),
        };
      });
      return { items };
    },

    async setTarget({ name, target, comment, withRule }, call) {
      const before = own(policy.document.forward.targets, name);
      requireSecrets(target, before, "target");
      let ruleAdded = false;
      const made = before === undefined ? await signing.rotate(name, 0) : null;
      const { revision, issues } = await revise(admin, call, { comment }, (draft) => {
        put(draft.forward.targets, name, structuredClone(target));
        const { rules } = draft.forward;
        if (!withRule || rules.some((rule) => rule.targets.includes(name))) return;
        rules.push({ name, enabled: true, hosts: [], types: ["chat"], targets: [name] });
        ruleAdded = true;
      }).catch(async (error: unknown) => {
        if (made !== null) await signing.forget(name);
        throw error;
      });
      const warnings = issues.filter((issue) => issue.path.startsWith(`forward.targets.${name}`));
      const signingSecret = made?.current ?? null;
      return { revision, warnings: warnings.map((issue) => issue.message), ruleAdded, signingSecret };
    },

    async rotateSecret({ name, overlapHours }, call) {
      targetOf(name);
      const { current, previous } = await signing.rotate(name, overlapHours * hourMs);
      await service.reload();
      events.publish("targets", name, call.author);
      return { signingSecret: current, previousUntil: timestampOrNull(previous?.until ?? null) };
    },

    async removeTarget({ name, cancelPending }, call) {
      targetOf(name);
      const { revision } = await revise(admin, call, { comment: `target ${name} removed` }, (draft) => {
        put(draft.forward.targets, name, null);
        draft.forward.rules = draft.forward.rules
          .map((rule) => ({ ...rule, targets: rule.targets.filter((target) => target !== name) }))
          .filter((rule) => rule.targets.length > 0);
      });
      const cancelled = cancelPending ? await stores.outbox.cancelTarget(name, clock.now()) : 0;
      return { revision, cancelled };
    },

    async testTarget({ name, target }) {
      const settings = target ?? targetOf(name);
      requireSecrets(settings, own(policy.document.forward.targets, name), "target");
      const resolved = await openTarget(name, settings, stores.admin, secrets);
      const { payload, ...attempt } = await service.test(name, resolved);
      return { ...forwardAttempt(attempt), payload };
    },

    async pauseTarget({ name, paused }, call) {
      targetOf(name);
      const comment = `target ${name} ${paused ? "held" : "released"}`;
      const { revision } = await revise(admin, call, { comment }, (draft) => {
        const target = own(draft.forward.targets, name);
        if (target !== undefined) target.paused = paused;
      });
      return { revision };
    },

    rules: () => ({ items: [...policy.document.forward.rules], revision: revisionOf(policy.revision) }),

    async setRules({ rules, comment }, call) {
      call.note(`${rules.length} rules`);
      const { revision } = await revise(admin, call, { comment }, (draft) => {
        draft.forward.rules = rules;
      });
      return { revision };
    },

    async list({ host, cursor, limit, ...filter }, call) {
      const hosts = call.hosts(host === undefined ? undefined : hostName(host));
      const page = await stores.outbox.list(outboxFilter(filter, hosts), { cursor, limit });
      return { ...page, items: page.items.map(forwardEvent) };
    },

    async get({ id }, call) {
      const event = await eventOf(id, call);
      return {
        ...forwardEvent(event),
        payload: call.may("bodies:read") ? event.payload : null,
        contentType: event.contentType,
        attemptList: event.attemptList.map(forwardAttempt),
      };
    },

    async retry({ id }, call) {
      const event = await eventOf(id, call);
      if (!(await stores.outbox.retry(id, clock.now())))
        throw new AdminError("conflict", `The event is ${event.state}; only one that waits or is dead can be retried.`);
      service.wake([event.target]);
      return { ok: true };
    },

    async cancel({ id }, call) {
      const event = await eventOf(id, call);
      if (!(await stores.outbox.cancel(id, clock.now())))
        throw new AdminError("conflict", `The event is ${event.state}; only one that waits can be cancelled.`);
      return { ok: true };
    },

    async countReplay(filter, call) {
      return { matching: await replays.count(deadFilter(filter, call)) };
    },

    async replay(filter, call) {
      const replay = await replays.start(deadFilter(filter, call), call.author);
      if (replay === null) throw new AdminError("conflict", "Too many replays are running: stop one, or wait.");
      call.note(`${replay.matching} events`, { replay: replay.id });
      return replayJob(replay);
    },

    replays: (_input, call) => ({
      items: replays
        .list()
        .filter((one) => isSeenBy(one, call))
        .map(replayJob),
    }),

    stopReplay({ id }, call) {
      const replay = replays.get(id);
      if (replay === undefined || !isSeenBy(replay, call))
        throw new AdminError("not-found", `There is no replay ${id}.`);
      replays.stop(id);
      return replayJob(replays.get(id)!);
    },

    async histogram({ host, buckets, ...filter }, call) {
      const hosts = call.hosts(host === undefined ? undefined : hostName(host));
      const wanted = outboxFilter(filter, hosts);
      const until = wanted.until ?? clock.now();
      const from = Math.min(wanted.since ?? until - dayMs, until - buckets);
      const bucketMs = Math.ceil((until - from) / buckets);
      const rows = await stores.outbox.histogram(wanted, from, bucketMs, buckets);
      return { from: timestamp(from), bucketMs, buckets: rows.map((row) => ({ ...row })) };
    },
  };
}

// Whoever is held to some hosts sees only their own: another's may be about other hosts.
function isSeenBy({ by }: Replay, { caller, author }: Call): boolean {
  return caller.kind !== "nobody" && (caller.hosts === null || by === author);
}

import { attemptError } from "../../lib/contracts/attempt-errors.ts";
import { ForwardRule, type MessageClass } from "../../lib/contracts/forward-policy.ts";
import type { ForwardTarget } from "../../lib/contracts/forward-target.ts";
import type { TargetHealth } from "../../lib/contracts/forward.ts";
import type { contract } from "../../lib/contracts/index.ts";
import { remark } from "../../lib/contracts/remarks.ts";
import { own } from "../core/policy/engine.ts";
import { preview } from "../forward/plan/preview.ts";
import { openTarget } from "../forward/target-secrets.ts";
import { SigningKeeper } from "../forward/webhook/signing-secrets.ts";
import type { Call } from "./call.ts";
import { badInput, refused } from "./errors.ts";
import { eventMissing, forwardAttempt, replayJob } from "./forward-event.ts";
import type { Admin } from "./parts.ts";
import { put } from "./records.ts";
import { revise, revisionOf } from "./revise.ts";
import { requirePublicAddress } from "./target-address.ts";
import { requireSound } from "./target-check.ts";
import { targetDay } from "./target-day.ts";
import { keyFacts, type KeyFacts } from "./target-keys.ts";
import { masked, requireSecrets } from "./target-secrets.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";
import { requireWebServer } from "./web-server.ts";

type TargetVerbs = Pick<
  Verbs<typeof contract.forward>,
  "targets" | "targetDay" | "setTarget" | "rotateSecret" | "removeTarget" | "testTarget" | "drainTarget" | "pauseTarget"
>;

const hourMs = 60 * 60 * 1_000;
/** A phone is told of everything that somebody may be told of; a web server asked for messages. */
const deviceClasses: MessageClass[] = ["chat", "normal", "groupchat", "mention", "call", "subscription"];

interface Removal {
  readonly name: string;
  readonly removed: ForwardTarget;
  readonly backlog: "cancel" | "dead";
  readonly to: string;
}

export function forwardTargets(admin: Admin): TargetVerbs {
  const { core, forward: service, secrets, events } = admin;
  const { policy, stores, clock } = core;
  const signing = new SigningKeeper(stores.admin, secrets, clock);

  const targetOf = (name: string): ForwardTarget => {
    const target = own(policy.document.forward.targets, name);
    if (target === undefined) throw refused("not-found", "target-missing", { name });
    return target;
  };

  /** What waits for a web server can go to another one, by a job. */
  const requireHeir = ({ name, removed, backlog, to }: Removal): void => {
    requireWebServer(policy.document, "to", to);
    if (to === name) throw badInput("to", "not-to-itself");
    if (backlog === "cancel") throw badInput("to", "not-with-cancel");
    if (removed.kind !== "webhook") throw refused("conflict", "pushes-stay", { name });
    if (admin.replays.isFull) throw refused("conflict", "too-many-replays");
  };

  /** The answer to a test repeats what was sent. */
  const sentFor = async (id: string, target: string, call: Call) => {
    const event = await stores.outbox.find(id);
    if (event === null) throw eventMissing(id, clock.now());
    call.keepTo(event.host);
    if (event.target !== target) throw badInput("event", "not-of-the-target", { target });
    if (!call.may("bodies:read", event.host))
      throw refused("forbidden", "needs-bodies-read", {}, { permission: "bodies:read" });
    const { contentType, payload, class: kind } = event;
    return { contentType, payload, class: kind };
  };

  const factsOf = async (): Promise<ReadonlyMap<string, KeyFacts>> => {
    const facts = new Map<string, KeyFacts>();
    for (const [name, target] of Object.entries(policy.document.forward.targets))
      facts.set(name, await keyFacts(name, target, stores.admin, secrets));
    return facts;
  };

  return {
    targetDay({ name }) {
      targetOf(name);
      return targetDay(stores.outbox, name, clock.now());
    },

    async targets() {
      const now = clock.now();
      const [stats, health, keys, devices] = await Promise.all([
        stores.outbox.stats(now),
        service.health(),
        factsOf(),
        stores.devices.count(),
      ]);
      const items = Object.entries(policy.document.forward.targets).map(([name, target]): TargetHealth => {
        const figures = stats.find((one) => one.target === name);
        const state = health.get(name);
        const fault = state?.fault ?? null;
        const { signing: signed, publicKey } = keys.get(name)!;
        const until = signed?.previous?.until ?? 0;
        return {
          name,
          target: masked(target),
          signing: signed && {
            since: timestamp(signed.since),
            previousUntil: timestampOrNull(until > now ? until : null),
          },
          breaker: state?.breaker ?? "closed",
          breakerUntil: timestampOrNull(state?.breakerUntil ?? null),
          backlog: figures?.backlog ?? 0,
          oldestDueAt: timestampOrNull(figures?.oldestDueAt ?? null),
          inFlight: state?.inFlight ?? 0,
          fault: fault && { since: timestamp(fault.since), detail: fault.detail },
          goneSince: timestampOrNull(state?.goneSince ?? null),
          publicKey,
          devices: target.kind === "webhook" ? null : (devices.get(name) ?? 0),
          delivered24h: figures?.delivered24h ?? 0,
          failed24h: figures?.failed24h ?? 0,
          dead: figures?.dead ?? 0,
          lastError: figures?.lastError ?? null,
          lastDeliveredAt: timestampOrNull(figures?.lastDeliveredAt ?? null),
          p95Ms: figures?.p95Ms ?? null,
        };
      });
      return { items };
    },

    async setTarget({ name, target, comment, withRule }, call) {
      const before = own(policy.document.forward.targets, name);
      requireSecrets(target, before, "target");
      requireSound(target, "target");
      const remarks = await requirePublicAddress(target, "target", admin.resolve);
      let ruleAdded = false;
      const isSigned = target.kind === "webhook";
      const made = isSigned && before?.kind !== "webhook" ? await signing.rotate(name, 0) : null;
      const { revision, issues } = await revise(admin, call, { comment }, (draft) => {
        put(draft.forward.targets, name, structuredClone(target));
        const { rules } = draft.forward;
        if (!withRule || rules.some((rule) => rule.targets.includes(name))) return;
        const classes = isSigned ? {} : { classes: deviceClasses };
        rules.push(ForwardRule.parse({ name, targets: [name], ...classes }));
        ruleAdded = true;
      }).catch(async (error: unknown) => {
        if (made !== null) await signing.forget(name);
        throw error;
      });
      const wantsKey = isSigned && target.signatures.includes("v1a");
      if (wantsKey && (await signing.completeKey(name))) await service.reload();
      const warnings = issues.filter((issue) => issue.path.startsWith(`forward.targets.${name}`));
      return {
        revision,
        warnings: [...warnings.map((issue) => issue.message), ...remarks],
        ruleAdded,
        signingSecret: made?.current ?? null,
      };
    },

    async rotateSecret({ name, overlapHours }, call) {
      if (targetOf(name).kind !== "webhook") throw refused("conflict", "no-web-server", { name });
      const { current, previous } = await signing.rotate(name, overlapHours * hourMs);
      await service.reload();
      events.publish("targets", name, call.author);
      return { signingSecret: current, previousUntil: timestampOrNull(previous?.until ?? null) };
    },

    async removeTarget({ name, backlog, to }, call) {
      const removed = targetOf(name);
      if (to !== undefined) requireHeir({ name, removed, backlog, to });
      const { revision } = await revise(
        admin,
        call,
        { comment: remark("revision-target-removed", { name }) },
        (draft) => {
          put(draft.forward.targets, name, null);
          draft.forward.rules = draft.forward.rules
            .map((rule) => ({ ...rule, targets: rule.targets.filter((target) => target !== name) }))
            // One that ends the list says something even without a target: that nobody is told.
            .filter((rule) => rule.targets.length > 0 || rule.last);
        },
      );
      const ended = await stores.outbox.endTarget(name, backlog === "cancel" ? "cancelled" : "dead", clock.now());
      if (to === undefined) return { revision, ended, replay: null };
      const waited = { target: name, reason: attemptError("target-removed") };
      const replay = await admin.replays.startElsewhere(waited, to, call.author);
      return { revision, ended, replay: replay && replayJob(replay) };
    },

    async testTarget({ name, target, event, signature }, call) {
      const settings = target ?? targetOf(name);
      const sample = event === undefined ? undefined : await sentFor(event, name, call);
      // APNs and FCM look at the key all the same.
      if (settings.kind === "webpush" || settings.kind === "xep0357") throw refused("conflict", "push-needs-device");
      requireSecrets(settings, own(policy.document.forward.targets, name), "target");
      requireSound(settings, "target");
      if (sample === undefined && preview(settings, null) === null) throw refused("conflict", "test-says-nothing");
      const resolved = await openTarget(name, settings, stores.admin, secrets);
      const { payload, ...attempt } = await service.test(name, resolved, null, { sample, signature });
      return { ...forwardAttempt(attempt), payload };
    },

    async drainTarget({ name, draining }, call) {
      targetOf(name);
      const comment = remark(draining ? "revision-target-drained" : "revision-target-back", { name });
      const { revision } = await revise(admin, call, { comment }, (draft) => {
        const target = own(draft.forward.targets, name);
        if (target !== undefined) target.draining = draining;
      });
      return { revision };
    },

    async pauseTarget({ name, paused }, call) {
      const target = targetOf(name);
      // Nothing to change: it is held for what it answered, or not at all.
      if (!paused && !target.paused) {
        await service.release(name);
        return { revision: revisionOf(policy.revision) };
      }
      const comment = remark(paused ? "revision-target-held" : "revision-target-released", { name });
      const { revision } = await revise(admin, call, { comment }, (draft) => {
        const edited = own(draft.forward.targets, name);
        if (edited !== undefined) edited.paused = paused;
      });
      if (!paused) await service.release(name);
      return { revision };
    },
  };
}

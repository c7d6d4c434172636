import { expect, it } from "vitest";
import type { ClaimedLane, DeviceNews, NewOutboxEvent, OutboxSummary, Settlement } from "../ports.ts";
import { SHARED_LANE } from "../shared-lane.ts";
import { account, allPages, attempt, device, FAILED, HOST, outboxEvent, type StoresOf } from "./samples.ts";

const targets = ["web", "push"] as const;
const names = ["juliet", "nurse", "tybalt"] as const;
const perLane = 4;
const perTarget = 10;
const always = 1e12;

/** Numbers below `limit`, the same for the same seed. */
function randomOf(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 16) % limit;
  };
}

function isWaiting({ state }: OutboxSummary): boolean {
  return state === "queued" || state === "retrying" || state === "held" || state === "sending";
}

/** Whatever is done in whatever order, also by calls that fail: counts, quotas and lanes agree with the events. */
export function outboxRandomConformance(storesOf: StoresOf): void {
  it.each([1, 2, 3])("agrees with itself after anything (seed %i)", { timeout: 60_000 }, async (seed) => {
    const { accounts, offline, outbox, devices } = storesOf();
    await accounts.createMany(
      names.map((name) => account(name)),
      "skip",
    );
    const random = randomOf(seed);
    const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)]!;
    const claimed: ClaimedLane[] = [];
    let now = 1000;
    let events = 0;

    const event = (local: string, changes: Partial<NewOutboxEvent> = {}): NewOutboxEvent => {
      const user = `${local}@${HOST}`;
      const quotas = { maxWaiting: perTarget, maxWaitingPerRecipient: perLane };
      const rule = { class: pick(["chat", "call"] as const), cancelOn: pick(["never", "online", "read"] as const) };
      const toDevices = random(2) === 0;
      const lane = toDevices ? user : pick([user, user, `${user}/romeo@montague.lit`, SHARED_LANE]);
      const to = { user, lane, target: pick(targets), toDevices };
      const made = outboxEvent(`e${events++}`, { ...quotas, ...rule, ...to, createdAt: now, dueAt: now });
      return { ...made, ...changes };
    };
    const unit = (local: string, ...forwards: readonly NewOutboxEvent[]) =>
      offline.commit({ host: HOST, local, message: null, maxMessages: 1, maxBytes: 1, forwards });
    const settle = async (): Promise<void> => {
      const [lane] = claimed.splice(random(claimed.length + 1), 1);
      for (const { seq, attempts, device: to } of lane?.events ?? []) {
        const next = pick<Settlement["next"]>([
          { state: "delivered" },
          { state: "dead" },
          { state: "retrying", dueAt: now + 200 },
          { state: "held", dueAt: now, isFree: true },
        ]);
        const news = pick<DeviceNews>([{ kind: "accepted" }, { kind: "gone", reason: "gone", since: null }]);
        const record = attempt(attempts + 1, next.state === "delivered" ? {} : FAILED);
        const outcome = { seq, claim: lane!.claim, attempt: record, next, at: now };
        await outbox.settle([to === null ? outcome : { ...outcome, device: news }]);
      }
    };
    const deeds: readonly ((local: string, user: string) => Promise<unknown>)[] = [
      (local) => unit(local, event(local)),
      (local) => unit(local, event(local), event(local)),
      (local) => unit(local, event(local), event(local, { createdAt: Number.NaN, toDevices: false })),
      async () => claimed.push(...(await outbox.claim(pick(targets), now, 300, 2, 2))),
      settle,
      (_, user) =>
        outbox.cancelFor(user, pick([{ kind: "online" }, { kind: "call", from: "romeo@montague.lit" }]), now),
      () => outbox.cancel(`e${random(events + 1)}`, now),
      (local, user) => devices.register(device(`d${events}`, { user, token: local, target: pick(targets) }), 3),
      async (_, user) => devices.setEnabled((await devices.of(user))[0]?.id ?? "", random(2) === 0, now),
      () => outbox.prune(now - 4000, now - 4000, 20),
    ];

    for (let step = 1; step <= 400; step += 1) {
      now += 10;
      const local = pick(names);
      await Promise.allSettled(Array.from({ length: 1 + random(3) }, () => pick(deeds)(local, `${local}@${HOST}`)));
      if (step % 100 === 0) await agree();
    }

    async function agree(): Promise<void> {
      const all = await allPages((cursor) => outbox.list({}, { limit: 1000, cursor }));
      const waiting = all.filter(isWaiting);
      const numbers = Map.groupBy(waiting, ({ target }) => target);
      for (const { target, backlog } of await outbox.due()) expect(numbers.get(target)).toHaveLength(backlog);
      for (const inTarget of numbers.values()) {
        expect(inTarget.length).toBeLessThanOrEqual(perTarget);
        for (const share of Map.groupBy(inTarget, ({ device, user }) => device ?? user).values()) {
          expect(share.length).toBeLessThanOrEqual(perLane);
        }
      }
      const active = await allPages((cursor) => devices.list({ state: "active" }, { limit: 1000, cursor }));
      const counts = Map.groupBy(active, ({ target }) => target);
      expect(await devices.count()).toEqual(new Map(Array.from(counts, ([target, rows]) => [target, rows.length])));
      // Nothing that waits is out of reach.
      await outbox.reclaim(Infinity);
      const lanes = await Promise.all(targets.map((target) => outbox.claim(target, always, 1, 1000, 1000)));
      const reached = lanes.flat().flatMap((lane) => lane.events.map(({ id }) => id));
      expect(reached.toSorted()).toEqual(waiting.map(({ id }) => id).toSorted());
      await outbox.reclaim(Infinity);
    }
  });
}

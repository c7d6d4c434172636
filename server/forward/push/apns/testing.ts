import { ApnsTarget } from "../../../../lib/contracts/forward-target.ts";
import type { DeviceRow } from "../../../storage/ports.ts";
import { manualTime, type ManualTime } from "../../testing.ts";
import type { Attempt, Outgoing } from "../../transport.ts";
import { counted, sampleDevice, sampleEvent, samplePush } from "../testing.ts";
import { startApnsMock, type ApnsMock, type ApnsMockOptions, type SeenPush } from "./mock.ts";
import { renderApns } from "./payload.ts";
import { ApnsTransport, type ApnsOptions } from "./transport.ts";

/** Settings of a target for tests. */
export function apnsTarget(settings: Partial<ApnsTarget> = {}): ApnsTarget {
  const needed = { kind: "apns", key: "", keyId: "ABC123DEFG", teamId: "DEF123GHIJ", topic: "org.example.chat" };
  return ApnsTarget.parse({ ...needed, allowPrivate: true, ...settings });
}

/** A phone in production, unless its settings say otherwise. */
export function phone(settings: DeviceRow["settings"] = { environment: "production" }): DeviceRow {
  return sampleDevice({ kind: "apns", token: "aa".repeat(32), settings });
}

export interface Scene {
  readonly time: ManualTime;
  readonly apns: ApnsMock;
  readonly target: ApnsTarget;
  readonly transport: ApnsTransport;
  /** One attempt of an event made of a chat message, due now. */
  push(more?: Partial<Outgoing>, number?: number): Promise<Attempt>;
  /** So many at once, each of its own event. */
  pushMany(count: number): Promise<Attempt[]>;
}

/** A mock of APNs and a target that pushes to it. What is given to `atEnd` is to be run after the test, the last first. */
export async function startScene(
  atEnd: (() => unknown)[],
  settings: Partial<ApnsTarget> = {},
  options: Partial<ApnsMockOptions> & Pick<ApnsOptions, "vault" | "credentials"> = {},
): Promise<Scene> {
  const time = manualTime();
  const { vault, credentials, ...mock } = options;
  const apns = await startApnsMock({ clock: time.clock, ...mock });
  atEnd.push(() => apns.close());
  const target = apnsTarget({ ...apns.credentials, server: apns.url, ...settings });
  const kept = { vault, credentials };
  const transport = new ApnsTransport(target, { clock: time.clock, timers: time.timers, ...kept });
  atEnd.push(() => transport.close(true));
  const payload = counted(renderApns(samplePush(), target), 3);
  const push: Scene["push"] = (more = {}, number = 1) => {
    const now = time.clock.now();
    return transport.attempt(sampleEvent(payload, phone(), now, more), number);
  };
  const pushMany: Scene["pushMany"] = (count) =>
    Promise.all(Array.from({ length: count }, (_, index) => push({ id: `evt_${index}_d1` })));
  return { time, apns, target, transport, push, pushMany };
}

export interface TwoServers extends Pick<Scene, "time"> {
  readonly transport: ApnsTransport;
  readonly servers: Readonly<Record<"production" | "sandbox", ApnsMock>>;
}

/** A target without a server of its own, and both environments. */
export async function startTwoServers(atEnd: (() => unknown)[]): Promise<TwoServers> {
  const { apns: production, time } = await startScene(atEnd);
  const sandbox = await startApnsMock({ clock: time.clock, beside: production });
  atEnd.push(() => sandbox.close());
  const transport = new ApnsTransport(apnsTarget(production.credentials), {
    clock: time.clock,
    servers: { production: production.url, sandbox: sandbox.url },
  });
  atEnd.push(() => transport.close(true));
  return { time, transport, servers: { production, sandbox } };
}

export type Refusal = readonly [status: number, reason: string];

/** Answers with these reasons in turn, then accepts. */
export function answering(...answers: readonly Refusal[]): (push: SeenPush) => void {
  const left = [...answers];
  return (push) => {
    const refusal = left.shift();
    if (refusal === undefined) push.answer();
    else push.answer(...refusal);
  };
}

import { ApnsTarget } from "../../lib/contracts/forward-target.ts";
import type { AttemptRecord, DeviceRow, NewOutboxEvent, Stores } from "../storage/ports.ts";
import type { DispatcherOptions } from "./dispatch/dispatcher.ts";
import { newEvent } from "./testing.ts";
import type { Attempt, Outgoing } from "./transport.ts";

/** What a provider says to an attempt, by what differs from its taking it. */
export interface Saying extends Partial<Omit<Attempt, "record">> {
  readonly outcome?: AttemptRecord["outcome"];
  readonly status?: number;
  readonly error?: string;
}

/** A push service without a network. */
export interface Provider {
  readonly seen: readonly Outgoing[];
  /** Payloads in the order in which they came. */
  readonly payloads: readonly string[];
  behave: (event: Outgoing, number: number) => Saying | Promise<Saying>;
  /** Resolves when `count` attempts have begun in all. */
  received(count: number): Promise<void>;
  readonly transport: NonNullable<DispatcherOptions["transport"]>;
}

const timing = { queueMs: 0, dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: 1, totalMs: 1 };
const request = { method: "POST", url: "https://push.example/", headers: [] };

export function startProvider(behave: Provider["behave"] = () => ({})): Provider {
  const seen: Outgoing[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const provider: Provider = {
    seen,
    get payloads() {
      return seen.map(({ payload }) => payload);
    },
    behave,
    received: (count) =>
      seen.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
    transport: (_target, { clock }) => {
      let open = 0;
      return {
        get isBusy() {
          return open > 0;
        },
        async attempt(event, number) {
          open += 1;
          seen.push(event);
          for (const { count, resolve } of waiting) if (seen.length >= count) resolve();
          const startedAt = clock.now();
          const { outcome = "delivered", status = 200, error = null, ...rest } = await provider.behave(event, number);
          open -= 1;
          const told = outcome === "delivered" ? null : (error ?? outcome);
          const facts = { address: null, timing, request, response: null, providerId: null };
          const device = outcome === "delivered" ? ({ kind: "accepted" } as const) : undefined;
          return {
            record: { number, startedAt, outcome, status, error: told, ...facts },
            retryAfterMs: null,
            device,
            ...rest,
          };
        },
        close() {},
      };
    },
  };
  return provider;
}

export function apnsTarget(settings: Partial<ApnsTarget> = {}): ApnsTarget {
  const facts = { key: "key", keyId: "ABCDEFGHIJ", teamId: "ABCDEFGHIJ", topic: "example.app" };
  return { ...ApnsTarget.parse({ kind: "apns", ...facts }), ...settings };
}

/** Makes the account `user@example.org` with a device of the same name at the target `push`. */
export async function addDevice(
  stores: Stores,
  user: string,
  id = user,
  more: Partial<Pick<DeviceRow, "kind" | "settings" | "token">> = {},
): Promise<DeviceRow> {
  const [local, host] = [user, "example.org"];
  const credentials = { kind: "sealed", sealed: "" } as const;
  await stores.accounts.create({ host, local, credentials, createdAt: 0, createdVia: "admin", createdFrom: null });
  const device = await stores.devices.register(
    {
      id,
      host,
      user: `${local}@${host}`,
      kind: "apns",
      target: "push",
      token: `token of ${id}`,
      settings: {},
      name: null,
      appVersion: null,
      resource: null,
      node: null,
      secretHash: null,
      via: "api",
      registeredAt: 0,
      isEnabled: true,
      ...more,
    },
    10,
  );
  return device!;
}

/** An event for all devices of `user@example.org`, as the planner makes it. */
export function pushEvent(
  user: string,
  payload: string,
  now: number,
  more: Partial<NewOutboxEvent> = {},
): NewOutboxEvent {
  const lane = more.class === "call" ? `call:${user}@example.org` : `${user}@example.org`;
  return newEvent(user, payload, now, { target: "push", toDevices: true, lane, ...more });
}

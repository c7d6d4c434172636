import { randomUUIDv7 } from "node:crypto";
import type { ForwardPolicy, ForwardTarget } from "../../lib/contracts/forward-policy.ts";
import type { OfflineDelivery } from "../core/hooks.ts";
import type { NewOutboxEvent } from "../storage/ports.ts";
import { renderPayload } from "./payload.ts";

interface PlannedTarget {
  readonly name: string;
  readonly rule: string;
  readonly target: ForwardTarget;
}

/** The targets for messages of one host, by type; each target once, for the first rule that names it. */
export type HostPlan = ReadonlyMap<string, readonly PlannedTarget[]>;

export function planFor(host: string, { rules, targets }: ForwardPolicy): HostPlan {
  const plan = new Map<string, PlannedTarget[]>();
  for (const rule of rules) {
    if (!rule.enabled || (rule.hosts.length > 0 && !rule.hosts.includes(host))) continue;
    for (const type of rule.types) {
      let planned = plan.get(type);
      if (planned === undefined) plan.set(type, (planned = []));
      for (const name of rule.targets) {
        if (!Object.hasOwn(targets, name) || planned.some((one) => one.name === name)) continue;
        planned.push({ name, rule: rule.name, target: targets[name]! });
      }
    }
  }
  return plan;
}

/**
 * The events that a message makes, in memory only: they are committed together with the message, or not at all. What is
 * not stored is not forwarded. Events of one recipient share a lane, so that they arrive in order.
 */
export function planEvents(plan: HostPlan, host: string, delivery: OfflineDelivery): NewOutboxEvent[] {
  const { packet, user, at } = delivery;
  const { stanza, from, to } = packet;
  const type = stanza.type ?? "normal";
  const planned = delivery.notStored === null ? plan.get(type) : undefined;
  if (planned === undefined) return [];
  const events: NewOutboxEvent[] = [];
  for (const { name, rule, target } of planned) {
    const id = newEventId();
    const payload = renderPayload({ id, stanza, from, to, user, host, at }, target);
    if (payload === null) continue;
    events.push({
      id,
      target: name,
      rule,
      lane: user.bare,
      host,
      user: user.bare,
      from: from.full,
      type,
      contentType: payload.contentType,
      payload: payload.text,
      ...(payload.unreadAt === undefined ? {} : { unreadAt: payload.unreadAt }),
      createdAt: at,
      dueAt: at,
      expiresAt: at + target.ttlSeconds * 1000,
      maxAttempts: target.maxAttempts,
    });
  }
  return events;
}

/**
 * Standard Webhooks: an id has no dot in it and nobody outside has a say in it. It begins with the time (RFC 9562 5.7), so
 * that new ones are neighbours in the store's index; 74 bits of it are random.
 */
export function newEventId(): string {
  return `evt_${randomUUIDv7().replaceAll("-", "")}`;
}

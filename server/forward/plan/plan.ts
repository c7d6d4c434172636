import { attemptError } from "../../../lib/contracts/attempt-errors.ts";
import type { OfflineDelivery } from "../../core/hooks.ts";
import type { NewOutboxEvent } from "../../storage/ports.ts";
import { newEventId } from "../event-id.ts";
import { classify } from "../rules/classify.ts";
import type { HostRules } from "../rules/compile.ts";
import type { Choice } from "../rules/rule.ts";
import type { Occasion } from "../rules/subject.ts";
import { TemplateError } from "../templates/template.ts";
import { deviceLaneOf, laneOf } from "./lane.ts";
import type { ForwardedMessage, Payload } from "./payload.ts";
import { render } from "./render.ts";

/** A phone rings or it does not: a call that could not be told of by then is a missed one. */
const callTtlMs = 45_000;

/** What a message for an account that is away may be told as; null: it is nothing to tell. */
export function occasionOf({ packet, user, at, notStored }: OfflineDelivery): Occasion | null {
  const { stanza, from, to } = packet;
  const kind = classify(stanza, notStored);
  return kind === null ? null : { class: kind, stanza, from, to, user, at };
}

/** The events that an occasion makes, in memory only: they are committed together with the message, or not at all. */
export function planEvents(rules: HostRules, occasion: Occasion): NewOutboxEvent[] {
  return eventsOf(rules.choose(occasion), occasion);
}

/** The events for what the rules chose; a target that has nothing to say about it is left out. */
export function eventsOf(choices: readonly Choice[], occasion: Occasion, now = occasion.at): NewOutboxEvent[] {
  const events: NewOutboxEvent[] = [];
  for (const choice of choices) {
    const event = planOne(choice, occasion, now);
    if (event !== null) events.push(event);
  }
  return events;
}

/** `now` is when its time begins to run: later than the occasion's own when it is made up for afterwards. */
export function planOne(choice: Choice, occasion: Occasion, now: number): NewOutboxEvent | null {
  const { stanza, from, to, user, at } = occasion;
  const { name, rule, settings, cancelOn, delayMs } = choice;
  const id = newEventId();
  const rendered = renderOrFail({ id, class: occasion.class, stanza, from, to, user, host: user.domain, at }, choice);
  if (rendered === null) return null;
  const { payload, failed } = rendered;
  const isForDevices = settings.kind !== "webhook";
  const isRinging = isForDevices && occasion.class === "call";
  const placed = { id, class: occasion.class, user: user.bare, from: from.full };
  return {
    id,
    target: name,
    rule,
    lane: settings.kind === "webhook" ? laneOf(placed, settings.order) : deviceLaneOf(placed),
    host: user.domain,
    user: user.bare,
    from: from.full,
    type: stanza.type ?? "normal",
    contentType: payload.contentType,
    payload: payload.text,
    ...(payload.unreadAt === undefined ? {} : { unreadAt: payload.unreadAt }),
    class: occasion.class,
    cancelOn,
    ...(isForDevices ? { toDevices: true } : {}),
    ...(failed === null ? {} : { failed }),
    maxWaiting: settings.maxWaiting,
    maxWaitingPerRecipient: settings.maxWaitingPerRecipient,
    createdAt: now,
    dueAt: now + delayMs,
    expiresAt: now + Math.max(delayMs, isRinging ? Math.min(choice.ttlMs, callTtlMs) : choice.ttlMs),
    maxAttempts: settings.maxAttempts,
  };
}

/**
 * A target that a message cannot be rendered for is no reason to lose it, or to leave others out: the event is recorded dead
 * with the reason. That of a template holds what the preset `json` says, so that it can be replayed.
 */
function renderOrFail(
  message: ForwardedMessage,
  choice: Choice,
): { readonly payload: Payload; readonly failed: string | null } | null {
  const { settings } = choice;
  try {
    const payload = render(message, choice);
    return payload === null ? null : { payload, failed: null };
  } catch (error) {
    if (!(error instanceof TemplateError) || settings.kind !== "webhook")
      return {
        payload: nothing,
        failed: attemptError("not-rendered", { detail: error instanceof Error ? error.name : "fault" }),
      };
    const payload = render(message, { ...choice, settings: { ...settings, preset: "json" }, template: null });
    return payload === null ? null : { payload, failed: attemptError("template-failed", { reason: error.message }) };
  }
}

const nothing: Payload = { contentType: "text/plain", text: "" };

import type { ForwardTarget, WebhookTarget } from "../../../lib/contracts/forward-target.ts";
import { own } from "../../core/policy/engine.ts";
import type { PolicyState } from "../../core/policy/state.ts";
import type { DeadFilter, FailedEvent, NewOutboxEvent, OfflineStore, Outbox } from "../../storage/ports.ts";
import { laneOf } from "../plan/lane.ts";
import { bodyAgain } from "../plan/render-again.ts";
import { TemplateError } from "../templates/template.ts";

export interface ReroutingParts {
  readonly outbox: Pick<Outbox, "failed" | "reroute">;
  readonly offline: Pick<OfflineStore, "depth">;
  readonly policy: Pick<PolicyState, "document">;
}

interface Step {
  readonly moved: number;
  /** Events that stay dead: what they would say there cannot be told any more, or the target has their messages already. */
  readonly left: number;
  /** Where the next step goes on; null: nothing is left. */
  readonly upTo: number | null;
}

type Body = Pick<NewOutboxEvent, "contentType" | "payload">;

/**
 * Gives dead events to another web server, each with what that is to get: made anew from the message, or as it is where that
 * is kept no more and the two get the same.
 */
export class Rerouting {
  readonly #parts: ReroutingParts;
  readonly #filter: DeadFilter;
  readonly #to: string;

  constructor(parts: ReroutingParts, filter: DeadFilter, to: string) {
    this.#parts = parts;
    this.#filter = filter;
    this.#to = to;
  }

  /** How many events may wait at the target; 0: there is no such web server any more. */
  quota(): number {
    const settings = own(this.#parts.policy.document.forward.targets, this.#to);
    return settings?.kind === "webhook" ? settings.maxWaiting : 0;
  }

  /** The first `limit` events after the seq `after`. Throws when there is no such web server any more. */
  async step(after: number, now: number, limit: number): Promise<Step> {
    const { outbox, policy } = this.#parts;
    const settings = own(policy.document.forward.targets, this.#to);
    if (settings?.kind !== "webhook") throw new Error(`${this.#to} is no web server`);
    const { events, upTo } = await outbox.failed(this.#filter, after, limit);
    const moves: { id: string; lane: string; body: Body | null }[] = [];
    for (const failed of events) {
      const body = await this.#bodyOf(failed, settings);
      if (body !== "unknown") moves.push({ id: failed.event.id, lane: laneOf(failed.event, settings.order), body });
    }
    const { maxAttempts, ttlSeconds } = settings;
    const to = { target: this.#to, maxAttempts, ttlMs: ttlSeconds * 1_000 };
    const moved = moves.length === 0 ? 0 : await outbox.reroute(to, moves, now);
    return { moved, left: events.length - moved, upTo };
  }

  /** null: what it carries. */
  async #bodyOf({ event, message }: FailedEvent, settings: WebhookTarget): Promise<Body | null | "unknown"> {
    const { offline, policy } = this.#parts;
    if (message === null) {
      const before = own(policy.document.forward.targets, event.target);
      return isSameBody(before, settings) ? null : "unknown";
    }
    try {
      return (await bodyAgain(event, message, settings, offline)) ?? "unknown";
    } catch (error) {
      if (error instanceof TemplateError) return "unknown";
      throw error;
    }
  }
}

/** Whether two targets would be sent the same about the same message. */
function isSameBody(one: ForwardTarget | undefined, other: WebhookTarget): boolean {
  if (one?.kind !== "webhook" || one.preset !== other.preset) return false;
  if (one.confidential !== other.confidential || one.jid !== other.jid) return false;
  return one.preset !== "template" || (one.template === other.template && one.templateType === other.templateType);
}

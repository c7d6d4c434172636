export interface NewOutboxEvent {
  /** The webhook-id: unique, stable over attempts. */
  readonly id: string;
  readonly target: string;
  readonly rule: string;
  /** Events of one lane and target are attempted in order (`shared-lane.ts` says what lanes are called). */
  readonly lane: string;
  readonly host: string;
  readonly user: string;
  readonly from: string;
  readonly type: string;
  readonly contentType: string;
  readonly payload: string;
  /** Where in `payload` the store writes how many messages wait for the user, this one included. */
  readonly unreadAt?: number | undefined;
  readonly class: MessageClass;
  readonly cancelOn: CancelOn;
  /**
   * Instead of one event, the store makes one for each active device that the user has at `target`, with the device in its
   * id (`id_device`) and lane (`lane/device`); none when there is no such device.
   */
  readonly toDevices?: boolean | undefined;
  /** Of these devices only the one of this id. */
  readonly onlyDevice?: string | undefined;
  /** The kept message that it is about; a unit with a message fills it in. */
  readonly message?: number | undefined;
  /**
   * Waiting events past these, at the target and of the recipient there, make the recipient's oldest that is not under way die
   * as `overflow`; where there is none, the new one. Each device of a recipient has a quota of its own, and so have calls.
   */
  readonly maxWaiting: number;
  readonly maxWaitingPerRecipient: number;
  /** Not undefined: it is recorded dead at once with this error, and no attempt is made unless somebody replays it. */
  readonly failed?: string | undefined;
  readonly createdAt: number;
  readonly dueAt: number;
  readonly expiresAt: number;
  readonly maxAttempts: number;
}

/** As the policy's rules name them (`lib/contracts/forward-policy.ts`). */
export type MessageClass = "chat" | "normal" | "groupchat" | "mention" | "call" | "subscription";

export type CancelOn = "never" | "online" | "read";

export type OutboxState = "queued" | "sending" | "retrying" | "held" | "delivered" | "dead" | "expired" | "cancelled";

export interface OutboxEvent extends Omit<
  NewOutboxEvent,
  "unreadAt" | "toDevices" | "onlyDevice" | "message" | "maxWaiting" | "maxWaitingPerRecipient" | "failed"
> {
  readonly seq: number;
  /** Id of the device it goes to; null: its target is a web server. */
  readonly device: string | null;
  /** What the push provider calls it, once accepted. */
  readonly providerId: string | null;
  /** When a client confirmed the message that the event is about; null: not yet, or nobody can tell. */
  readonly ackedAt: number | null;
  readonly state: OutboxState;
  readonly attempts: number;
  /** Attempts that a dead event had when it was brought back: from there on it has `maxAttempts` again. null: it never was. */
  readonly replayedAfter: number | null;
  readonly updatedAt: number;
  readonly status: number | null;
  readonly ms: number | null;
  readonly error: string | null;
  readonly bytes: number;
}

export type OutboxSummary = Omit<OutboxEvent, "payload">;

export interface AttemptRecord {
  readonly number: number;
  readonly startedAt: number;
  /**
   * `unregistered`: the provider knows the device no more. `misconfigured`: it refuses the target's settings, whatever the
   * event.
   */
  readonly outcome:
    | "delivered"
    | "rejected"
    | "failed"
    | "timeout"
    | "refused"
    | "blocked"
    | "gone"
    | "aborted"
    | "unregistered"
    | "misconfigured";
  readonly status: number | null;
  readonly error: string | null;
  readonly address: string | null;
  readonly timing: {
    readonly queueMs: number;
    readonly dnsMs: number | null;
    /** TCP; null: the connection was there. */
    readonly connectMs: number | null;
    readonly tlsMs: number | null;
    readonly firstByteMs: number | null;
    readonly totalMs: number;
  };
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly (readonly [string, string])[];
  };
  readonly response: {
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
    readonly truncated: boolean;
  } | null;
  readonly providerId: string | null;
}

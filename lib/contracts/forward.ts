import { z } from "zod";
import { Done, endpoint, pageOf, PageInput, Timestamp } from "./endpoint.ts";
import { ForwardAttempt, ForwardEvent, ForwardEventDetail } from "./forward-event.ts";
import { ForwardFilter } from "./forward-filter.ts";
import { ForwardRule } from "./forward-policy.ts";
import { ForwardTarget } from "./forward-target.ts";
import { Name, Revision } from "./policy.ts";
import { MissingFilter, Replay, ReplayRequest } from "./replays.ts";
import { Simulation, SimulationInput, TargetCheck } from "./simulation.ts";
import { TargetDay } from "./target-day.ts";
import { testSignatures } from "./words.ts";

export const BreakerState = z.enum(["closed", "open", "half-open"]);

export const TargetHealth = z.object({
  name: Name,
  target: ForwardTarget.describe("secrets are masked"),
  signing: z
    .object({
      since: Timestamp,
      previousUntil: Timestamp.nullable().describe("until then the secret before signs as well"),
    })
    .nullable()
    .describe("null: requests are not signed, because there is no secret yet"),
  breaker: BreakerState,
  breakerUntil: Timestamp.nullable(),
  backlog: z.int(),
  oldestDueAt: Timestamp.nullable(),
  inFlight: z.int(),
  fault: z
    .object({ since: Timestamp, detail: z.string() })
    .nullable()
    .describe("the provider refuses the settings themselves: nothing is attempted until they are changed or resumed"),
  goneSince: Timestamp.nullable().describe("it answered 410, and is paused for that until somebody resumes it"),
  publicKey: z.string().nullable().describe("verifies `v1a` (whpk_…), or the VAPID key of a Web Push target"),
  devices: z.int().nullable().describe("active devices; null: the target has none by its kind"),
  delivered24h: z.int(),
  failed24h: z.int(),
  dead: z.int(),
  lastError: z.string().nullable(),
  lastDeliveredAt: Timestamp.nullable(),
  p95Ms: z.number().nullable().describe("duration that 95 % of the latest 1,000 deliveries stayed below"),
});
export type TargetHealth = z.infer<typeof TargetHealth>;

/** A value and how many events have it, the most frequent first. */
const Facet = z.object({ value: z.string(), count: z.int() });

const read = { permission: "forward:read" } as const;
const write = (audit: string) => ({ permission: "forward:write", audit }) as const;

export const forward = {
  targets: endpoint("GET", "/forward/targets", read, "Targets with their health").output(
    z.object({ items: z.array(TargetHealth) }),
  ),
  targetDay: endpoint("GET", "/forward/targets/{name}/day", read, "How the last 24 hours went for a target")
    .input(z.object({ name: Name }))
    .output(TargetDay),
  setTarget: endpoint(
    "PUT",
    "/forward/targets/{name}",
    write("forward.target.set"),
    "Add or change a target. A secret given as `***` keeps the stored one. A new target gets a signing secret, shown once",
  )
    .input(
      z.object({
        name: Name,
        target: ForwardTarget,
        comment: z.string().max(1000).default(""),
        /** In the same revision: a rule that sends chat messages of all hosts here, unless some rule names the target. */
        withRule: z.boolean().default(false),
      }),
    )
    .output(
      z.object({
        revision: Revision,
        warnings: z.array(z.string()),
        ruleAdded: z.boolean(),
        signingSecret: z.string().nullable().describe("of a target that is new; never shown again"),
      }),
    ),
  rotateSecret: endpoint(
    "POST",
    "/forward/targets/{name}/secret",
    write("forward.target.rotate-secret"),
    "Make a new signing secret, shown once; the one before signs beside it for a while",
  )
    .input(
      z.object({
        name: Name,
        overlapHours: z.int().min(0).max(720).default(24).describe("0: the secret before is worth nothing at once"),
      }),
    )
    .output(z.object({ signingSecret: z.string(), previousUntil: Timestamp.nullable() })),
  removeTarget: endpoint(
    "DELETE",
    "/forward/targets/{name}",
    write("forward.target.remove"),
    "Remove a target; what still waits for it becomes dead letters, goes to another, or is given up",
  )
    .input(
      z.object({
        name: Name,
        backlog: z
          .enum(["dead", "cancel"])
          .default("dead")
          .describe("dead: it can be replayed to another target, or once there is one of this name again"),
        to: Name.optional().describe("with `dead`: the web server that what waited goes to, as a replay"),
      }),
    )
    .output(
      z.object({
        revision: Revision,
        ended: z.int().describe("events that waited"),
        replay: Replay.nullable().describe("the job that brings them to `to`"),
      }),
    ),
  testTarget: endpoint(
    "POST",
    "/forward/targets/{name}/test",
    write("forward.target.test"),
    "Send one test event, marked as such, and answer with the attempt",
  )
    .input(
      z.object({
        name: Name,
        target: ForwardTarget.optional().describe("test these settings instead of the stored ones"),
        event: z.string().max(64).optional().describe("send what this event of the target was sent as, not a sample"),
        signature: z
          .enum(testSignatures)
          .default("valid")
          .describe("of a web server, which has to refuse every other: `old` says that it was made ten minutes ago"),
      }),
    )
    .output(ForwardAttempt.extend({ payload: z.string() })),
  checkTarget: endpoint(
    "POST",
    "/forward/targets/check",
    read,
    "Say what is wrong with settings, a key file or a template; nothing is sent or saved",
  )
    .input(z.object({ name: Name.optional().describe("whose stored secrets `***` stands for"), target: ForwardTarget }))
    .output(
      TargetCheck.extend({
        attemptsAt: z
          .array(z.number())
          .describe("when attempts come if all fail: seconds after the first, each wait give or take a fifth"),
      }),
    ),
  preview: endpoint("POST", "/forward/preview", read, "What a target would be sent for a message")
    .input(
      z.object({
        target: ForwardTarget,
        stanza: z.string().max(262_144).optional().describe("a message; a sample when left out"),
      }),
    )
    .output(
      TargetCheck.omit({ facts: true }).extend({
        payload: z
          .object({ contentType: z.string(), text: z.string(), bytes: z.int() })
          .nullable()
          .describe("null: it has nothing to say about this message, or there are problems"),
      }),
    ),
  drainTarget: endpoint(
    "POST",
    "/forward/targets/{name}/drain",
    write("forward.target.drain"),
    "Plan nothing new for a target while what waits is sent, or plan for it again",
  )
    .input(z.object({ name: Name, draining: z.boolean() }))
    .output(z.object({ revision: Revision })),
  pauseTarget: endpoint(
    "POST",
    "/forward/targets/{name}/pause",
    write("forward.target.pause"),
    "Hold or release a target's queue; also one that is held for what the target or its provider answered",
  )
    .input(z.object({ name: Name, paused: z.boolean() }))
    .output(z.object({ revision: Revision })),
  rules: endpoint("GET", "/forward/rules", read, "Forward rules in order").output(
    z.object({ items: z.array(ForwardRule), revision: Revision }),
  ),
  setRules: endpoint("PUT", "/forward/rules", write("forward.rules.set"), "Replace the list of rules")
    .input(
      z.object({
        rules: z.array(ForwardRule).max(1000),
        /** Refused with `conflict` when the policy in force has another revision by now. */
        baseRevision: z.int().optional(),
        comment: z.string().max(1000).default(""),
      }),
    )
    .output(z.object({ revision: Revision })),
  countMatches: endpoint(
    "POST",
    "/forward/rules/count",
    { ...read, filtered: true },
    "How many of the latest 10,000 messages that found nobody each rule matches; nothing is stored or sent",
  )
    .input(
      z.object({ rules: z.array(ForwardRule).max(1000).optional().describe("ask these instead of those in force") }),
    )
    .output(
      z.object({
        messages: z.int().describe("that were looked at, as they are still kept"),
        rules: z.array(z.object({ name: z.string(), matched: z.int() })),
      }),
    ),
  simulate: endpoint(
    "POST",
    "/forward/simulate",
    { ...read, host: "host" },
    "What happens to a message whose recipient is away: stored? forwarded? by which rule, with which bytes?",
  )
    .input(SimulationInput)
    .output(Simulation),
  list: endpoint("GET", "/forward/events", { ...read, host: "host", filtered: true }, "The forward log, newest first")
    .input(PageInput.extend(ForwardFilter.shape))
    .output(pageOf(ForwardEvent)),
  get: endpoint("GET", "/forward/events/{id}", { ...read, filtered: true }, "One event with its attempts")
    .input(z.object({ id: z.string().max(64) }))
    .output(ForwardEventDetail),
  reveal: endpoint(
    "POST",
    "/forward/events/{id}/reveal",
    { permission: "bodies:read", audit: "forward.reveal", filtered: true },
    "One event with what was sent and answered, word for word",
  )
    .input(z.object({ id: z.string().max(64) }))
    .output(ForwardEventDetail),
  neighbours: endpoint(
    "GET",
    "/forward/events/{id}/neighbours",
    { ...read, host: "host", filtered: true },
    "What comes before and after an event in the log, among those that a filter finds",
  )
    .input(ForwardFilter.extend({ id: z.string().max(64) }))
    // null: none, or none among the next 50,000.
    .output(z.object({ newer: z.string().nullable(), older: z.string().nullable() })),
  related: endpoint(
    "GET",
    "/forward/events/{id}/related",
    { ...read, filtered: true },
    "What else there is about an event: where its message is, the message's other events, and the recipient's around it",
  )
    .input(z.object({ id: z.string().max(64) }))
    .output(
      z.object({
        message: z
          .object({
            stanzaId: z.string().describe("of the recipient's account (XEP-0359)"),
            isWaiting: z.boolean().describe("for a client of the recipient"),
            isArchived: z.boolean(),
          })
          .nullable()
          .describe("null: it is not kept, or not any more"),
        sameMessage: z.array(ForwardEvent).describe("the other events about it, oldest first"),
        sameUser: z
          .array(ForwardEvent)
          .describe(
            "events about other messages for the recipient, within five minutes of it, newest first, at most 50",
          ),
      }),
    ),
  retry: endpoint(
    "POST",
    "/forward/events/{id}/retry",
    write("forward.retry"),
    "Attempt a waiting or dead event now, with the same id",
  )
    .input(
      z.object({
        id: z.string().max(64),
        render: z
          .boolean()
          .default(false)
          .describe(
            "Write the request anew from the message, by the target's settings now, instead of the same bytes.",
          ),
      }),
    )
    .output(Done),
  cancel: endpoint("POST", "/forward/events/{id}/cancel", write("forward.cancel"), "Give up a waiting event")
    .input(z.object({ id: z.string().max(64) }))
    .output(Done),
  countReplay: endpoint(
    "POST",
    "/forward/replays/count",
    { ...read, host: "host", filtered: true },
    "How many dead events a replay would attempt again; nothing is changed",
  )
    .input(ReplayRequest)
    .output(z.object({ matching: z.int() })),
  replay: endpoint(
    "POST",
    "/forward/replays",
    { ...write("forward.replay"), host: "host", filtered: true },
    "Attempt dead events again, with the same ids, as a job, at their own targets or at another",
  )
    .input(ReplayRequest)
    .output(Replay),
  countMissing: endpoint(
    "POST",
    "/forward/missing/count",
    { ...read, host: "host", filtered: true },
    "How many kept messages match the rules and have no event for the target; nothing is changed",
  )
    .input(MissingFilter)
    .output(z.object({ matching: z.int() })),
  recoverMissing: endpoint(
    "POST",
    "/forward/missing",
    { ...write("forward.missing"), host: "host", filtered: true },
    "Make and send the events that a target missed, as a job",
  )
    .input(MissingFilter)
    .output(Replay),
  replays: endpoint("GET", "/forward/replays", { ...read, filtered: true }, "The latest replays, newest first").output(
    z.object({ items: z.array(Replay) }),
  ),
  stopReplay: endpoint(
    "POST",
    "/forward/replays/{id}/stop",
    { ...write("forward.replay.stop"), filtered: true },
    "End a replay: what it has not come to stays dead",
  )
    .input(z.object({ id: z.string().max(64) }))
    .output(Replay),
  facets: endpoint(
    "GET",
    "/forward/facets",
    { ...read, host: "host", filtered: true },
    "How many events there are per target, class, state and reason",
  )
    .input(ForwardFilter)
    .output(
      z.object({
        targets: z.array(Facet),
        classes: z.array(Facet),
        states: z.array(Facet),
        reasons: z.array(Facet),
        isComplete: z.boolean().describe("false: only the newest events were counted"),
      }),
    ),
  histogram: endpoint(
    "GET",
    "/forward/histogram",
    { ...read, host: "host", filtered: true },
    "Events per time bucket and outcome",
  )
    .input(ForwardFilter.extend({ buckets: z.coerce.number().int().min(1).max(240).default(60) }))
    .output(
      z.object({
        from: Timestamp,
        bucketMs: z.int(),
        buckets: z.array(
          z.object({ delivered: z.int(), retrying: z.int(), held: z.int(), dead: z.int(), queued: z.int() }),
        ),
      }),
    ),
};
